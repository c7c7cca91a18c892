package io.tandem.ops.audit;

import io.tandem.ops.audit.Rows.Column;
import io.tandem.persistence.database.Rights;
import io.tandem.persistence.journal.Envelope;
import io.tandem.persistence.journal.EventCodec;
import io.tandem.persistence.journal.JournalException;
import io.tandem.persistence.journal.Supersession;
import io.tandem.persistence.journal.WireName;
import io.tandem.persistence.repair.Repair;
import io.tandem.persistence.repair.Repair.Outcome;
import io.tandem.persistence.repair.Repair.Trouble;
import io.tandem.persistence.repair.Repair.Wish;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * {@code tandem audit repair}: reading on past an event that cannot be read (AUD-5), by a signed
 * record beside the journal.
 */
@Command(
    name = "repair",
    description = {
      "Makes an entity readable again that stopped at an event which cannot be read or folded: a",
      "signed record beside the journal says what is read in its place. Nothing stored is changed,",
      "every reader consults the record, and verify, show and replay name it.",
      "",
      "Without --as: tells which event of an entity cannot be read, why, and what is stored;",
      "without an entity: lists the records there are."
    },
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Examples:",
      "  tandem audit repair wallet/acct_01:USD",
      "  tandem audit repair wallet/acct_01:USD --sequence 12 --as wallet.deposited/1 \\",
      "      --change '{\"reason\":\"unknown\",\"colour\":null}' --by jane --reason 'case 7'",
      "  tandem audit repair agent/agent_01 --sequence 4 --as nothing --by jane --reason 'case 8'",
      "",
      "Exit codes: 0 it can be read, or was made readable; 1 it cannot, or was refused; 2 the"
          + " journal cannot be opened or written."
    })
final class RepairCommand implements Callable<Integer> {
  private static final String NOTHING = "nothing";

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(
      arity = "0..1",
      paramLabel = "TYPE/ID",
      description = "The entity.",
      converter = AuditCommand.Named.Reader.class)
  private AuditCommand.@Nullable Named entity;

  @Option(names = "--sequence", paramLabel = "N", description = "The event, by its number.")
  private long sequence;

  @Option(
      names = "--as",
      paramLabel = "NAME/VERSION",
      description = "What is read in its place, such as wallet.deposited/1; or: nothing.")
  private @Nullable String reads;

  @Option(
      names = "--change",
      paramLabel = "JSON",
      description =
          "What differs from the stored form (JSON merge patch, RFC 7396), or a file that says so."
              + " Default: nothing does.")
  private String change = "{}";

  @Option(
      names = "--anew",
      description = "--change is all there is: nothing of the stored form is taken over.")
  private boolean anew;

  @Option(names = "--by", paramLabel = "WHO", description = "Who repairs it.")
  private String by = "";

  @Option(names = "--reason", paramLabel = "TEXT", description = "Why.")
  private String reason = "";

  @Option(names = "--try", description = "Stores nothing: says what would come of it.")
  private boolean trial;

  @Mixin private JournalOptions options = new JournalOptions();

  RepairCommand() {}

  /** A record in a line, for people. */
  static String words(Supersession record) {
    return "SUPERSEDED  %s#%d: %s is read in its place by record %d, made %s by %s: %s"
        .formatted(
            record.entity(),
            record.sequence(),
            record.says(),
            record.number(),
            record.at(),
            record.by(),
            record.reason());
  }

  @Override
  public Integer call() {
    AuditCommand.Named named = entity;
    if (reads != null && (named == null || sequence < 1 || by.isBlank() || reason.isBlank())) {
      throw new ParameterException(
          spec.commandLine(), "--as: an entity, --sequence, --by and --reason are needed with it");
    }
    return options.with(
        err(),
        journal ->
            named == null
                ? list(journal)
                : reads == null ? tell(journal, named) : mend(journal, named, reads));
  }

  private int list(OpenJournal journal) {
    Rows rows =
        new Rows(
            spec.commandLine().getOut(),
            options.format(),
            new Column("record", 6),
            new Column("entity", -44),
            new Column("sequence", 8),
            new Column("reads", -26),
            new Column("at", -27),
            new Column("by", -14),
            new Column("reason", -1));
    rows.heading();
    boolean[] wrong = new boolean[1];
    journal
        .supersessions()
        .genuine(
            (what, number, why) -> {
              wrong[0] = true;
              err().println("WRONG  " + what + "#" + number + ": " + why);
            })
        .forEach(
            each ->
                rows.row(
                    each.number(),
                    each.entity().replaceFirst("\\|", "/"),
                    each.sequence(),
                    each.says(),
                    each.at().toString(),
                    each.by(),
                    each.reason()));
    return wrong[0] ? 1 : 0;
  }

  private int tell(OpenJournal journal, AuditCommand.Named named) {
    Optional<Trouble> trouble = trouble(journal, named);
    Rows rows =
        new Rows(
            spec.commandLine().getOut(),
            options.format(),
            new Column("sequence", 8),
            new Column("event", -26),
            new Column("why", -60),
            new Column("stored", -1));
    trouble.ifPresent(
        it -> {
          Envelope envelope = it.envelope();
          rows.row(
              it.sequence(),
              envelope == null ? null : envelope.header().event().toString(),
              it.why(),
              envelope == null ? null : stored(journal.codec(), envelope));
        });
    if (trouble.isEmpty()) {
      err().println("every event of " + named.type() + "/" + named.id() + " can be read");
    }
    return trouble.isEmpty() ? 0 : 1;
  }

  private static Rows.@Nullable Json stored(EventCodec codec, Envelope envelope) {
    try {
      return new Rows.Json(codec.storedToJson(envelope.payload()).replaceAll("\\s*\n\\s*", " "));
    } catch (JournalException e) {
      return null; // no tree either: --anew
    }
  }

  private int mend(OpenJournal journal, AuditCommand.Named named, String as) {
    if (!trial) {
      journal.require(Rights.REPAIR, "repair --as");
    }
    Trouble trouble = trouble(journal, named).orElse(null);
    Envelope envelope = trouble == null ? null : trouble.envelope();
    Repair repair = journal.repair();
    try {
      boolean nothing = as.equals(NOTHING);
      byte[] stored = anew || envelope == null ? new byte[0] : envelope.payload();
      Wish wish =
          new Wish(
              named.type(),
              named.id(),
              sequence,
              nothing ? null : WireName.parse(as),
              nothing || envelope == null ? new byte[0] : journal.codec().changed(stored, json()),
              by,
              reason);
      return switch (repair.repair(
          wish, Instant.now(), trial ? null : journal.signing(), journal.supersessions())) {
        case Outcome.Refused refused -> {
          err().println("tandem: refused: " + refused.why());
          yield 1;
        }
        case Outcome.Made made -> {
          spec.commandLine()
              .getOut()
              .println(trial ? "This would do: nothing was stored." : words(made.record()));
          made.next()
              .ifPresent(
                  next ->
                      err()
                          .println(
                              "The next event that cannot be read is #"
                                  + next.sequence()
                                  + ": "
                                  + next.why()));
          yield made.next().isEmpty() ? 0 : 1;
        }
      };
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), "--as: " + e.getMessage());
    } catch (JournalException e) {
      err().println("tandem: refused: " + e.fault() + " " + e.getMessage());
      return e.fault().retryHelps() ? 2 : 1;
    }
  }

  private Optional<Trouble> trouble(OpenJournal journal, AuditCommand.Named named) {
    try {
      return journal.repair().trouble(named.type(), named.id());
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage());
    }
  }

  private String json() {
    if (change.stripLeading().startsWith("{")) {
      return change;
    }
    try {
      return Files.readString(Path.of(change));
    } catch (IOException e) {
      throw new ParameterException(spec.commandLine(), "--change: " + e.getMessage());
    }
  }

  private PrintWriter err() {
    return spec.commandLine().getErr();
  }
}
