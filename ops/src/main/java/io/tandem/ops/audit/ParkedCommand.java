package io.tandem.ops.audit;

import io.tandem.persistence.database.Rights;
import io.tandem.persistence.journal.JournalException;
import io.tandem.persistence.readmodel.ParkedEvents.Parked;
import io.tandem.persistence.readmodel.Projector;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tandem audit parked}: what the read models go on without, and trying it again. */
@Command(
    name = "parked",
    description = {
      "Lists the entities whose events the read models could not apply (AUD-5), and tries them"
          + " again.",
      "To try again is the one thing here that writes: the read models, never the journal."
    },
    mixinStandardHelpOptions = true,
    footer = "Exit codes: 0 nothing is parked (any more), 1 something is.")
final class ParkedCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(
      arity = "0..1",
      paramLabel = "TYPE/ID",
      description = "One entity alone.",
      converter = AuditCommand.Named.Reader.class)
  private AuditCommand.@Nullable Named entity;

  @Option(names = "--retry", description = "Tries what is listed again.")
  private boolean retry;

  @Mixin private JournalOptions options = new JournalOptions();

  @Override
  public Integer call() {
    return options.with(err(), this::answer);
  }

  private int answer(OpenJournal journal) {
    if (retry) {
      journal.require(Rights.RETRY, "parked --retry");
      Projector projector = journal.projector();
      chosen(journal).forEach(parked -> retry(projector, parked));
    }
    List<Parked> left = chosen(journal);
    Rows rows =
        new Rows(
            spec.commandLine().getOut(),
            options.format(),
            new Rows.Column("entity", -60),
            new Rows.Column("sequence", 8),
            new Rows.Column("waiting", 8),
            new Rows.Column("parkedAt", -27),
            new Rows.Column("reason", -1));
    rows.heading();
    left.forEach(
        each ->
            rows.row(
                named(each), each.sequence(), each.waiting(), each.at().toString(), each.reason()));
    return left.isEmpty() ? 0 : 1;
  }

  private List<Parked> chosen(OpenJournal journal) {
    AuditCommand.Named one = entity;
    return journal.parked().all().stream()
        .filter(each -> each.reader().equals(Projector.READER))
        .filter(each -> one == null || each.entity().equals(one.type() + '|' + one.id()))
        .toList();
  }

  private void retry(Projector projector, Parked parked) {
    try {
      projector.retry(parked.entity());
      err().println(named(parked) + " is caught up with");
    } catch (JournalException e) {
      err().println(named(parked) + " stays parked: " + e.fault() + " " + e.getMessage());
    }
  }

  private static String named(Parked parked) {
    return parked.entity().replaceFirst("\\|", "/");
  }

  private PrintWriter err() {
    return spec.commandLine().getErr();
  }
}
