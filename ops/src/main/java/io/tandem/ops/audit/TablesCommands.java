package io.tandem.ops.audit;

import io.tandem.ops.Progress;
import io.tandem.ops.run.Excuse;
import io.tandem.persistence.audit.Reconciliation;
import io.tandem.persistence.audit.Reconciliation.Difference;
import io.tandem.persistence.audit.Reconciliation.Page;
import io.tandem.persistence.database.Rights;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * {@code tandem audit rebuild} and {@code reconcile}: the tables that are made from the journal.
 */
final class TablesCommands {

  private TablesCommands() {}

  /** {@code rebuild}. */
  @Command(
      name = "rebuild",
      description = {
        "Makes the read models anew from the first event, beside those that are read, and puts them"
            + " in their place when they have caught up.",
        "A node may run: its readers see the old tables or the new ones, whole. Writes tables,"
            + " never the journal."
      },
      mixinStandardHelpOptions = true)
  static final class RebuildCommand implements Callable<Integer> {
    @Spec private CommandSpec spec = CommandSpec.create();
    @Mixin private JournalOptions options = new JournalOptions();

    @Override
    public Integer call() {
      PrintWriter err = spec.commandLine().getErr();
      return options.with(
          err,
          journal -> {
            journal.require(Rights.REBUILD, "rebuild");
            if (journal.lacksArchives()) {
              err.println("tandem: calls that are in archives would be lost to the read models");
              return Excuse.CANNOT_BEGIN;
            }
            Progress progress = new Progress(err, "rebuilding");
            long all = journal.events();
            long events = journal.rebuild().run(done -> progress.show(done, all, done + " events"));
            progress.done();
            err.println(events + " events: the read models are new.");
            int parked = journal.parked().all().size();
            if (parked > 0) {
              err.println(parked + " entities are parked; see: tandem audit parked");
            }
            return 0;
          });
    }
  }

  /** {@code reconcile}. */
  @Command(
      name = "reconcile",
      description = {
        "Compares what the tables show with what the journal comes to (WAL-12): wallets, calls and"
            + " all other views, rows of nothing, and what calls cost with what wallets booked.",
        "A node may run meanwhile."
      },
      mixinStandardHelpOptions = true,
      footer = "Exit codes: 0 all is the same, 1 differences were found.")
  static final class ReconcileCommand implements Callable<Integer> {
    private static final int PAGE = 500;
    private static final int ORPHANS_MAX = 100_000;

    @Spec private CommandSpec spec = CommandSpec.create();
    @Mixin private JournalOptions options = new JournalOptions();

    @Option(
        names = "--settle",
        paramLabel = "SECONDS",
        defaultValue = "600",
        description = "Calls younger than this may have a charge on its way (${DEFAULT-VALUE}).")
    private long settleSeconds;

    @Override
    public Integer call() {
      return options.with(spec.commandLine().getErr(), this::answer);
    }

    private int answer(OpenJournal journal) {
      PrintWriter err = spec.commandLine().getErr();
      Progress progress = new Progress(err, "comparing");
      Rows rows =
          new Rows(
              spec.commandLine().getOut(),
              options.format(),
              new Rows.Column("entity", -60),
              new Rows.Column("difference", -1));
      rows.heading();
      Reconciliation reconciliation = journal.reconciliation();
      long compared = 0;
      long found = 0;
      for (Page page = reconciliation.page("", PAGE);
          page.entities() > 0;
          page = reconciliation.page(page.last(), PAGE)) {
        compared += page.entities();
        found += tell(rows, page.differences());
        progress.show(compared, compared, compared + " entities");
      }
      found += tell(rows, reconciliation.orphans(ORPHANS_MAX));
      Instant settled = Instant.now().minus(Duration.ofSeconds(settleSeconds));
      found += tell(rows, reconciliation.charges(settled));
      progress.done();
      err.println(compared + " entities compared, " + found + " differences.");
      return found == 0 ? 0 : 1;
    }

    private static int tell(Rows rows, List<Difference> differences) {
      differences.forEach(each -> rows.row(each.entity().replaceFirst("\\|", "/"), each.what()));
      return differences.size();
    }
  }
}
