package io.tandem.ops.audit;

import io.tandem.ops.Progress;
import io.tandem.ops.audit.Rows.Column;
import io.tandem.ops.run.Excuse;
import io.tandem.persistence.archive.ArchiveNote;
import io.tandem.persistence.database.Rights;
import io.tandem.persistence.journal.JournalException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code tandem audit archive}: calls that are over leave the journal for files (AUD-7). */
@Command(
    name = "archive",
    description = {
      "Moves the events of calls that are over to a file with a signed note, and out of the"
          + " journal.",
      "Every question takes --archive DIR and reads such files as one with the journal; verify"
          + " holds",
      "each event in them against its checkpoint as if it had never moved. Without --to: lists the",
      "archives of the journal.",
      "",
      "A node may run. What is moved: calls that have ended, with nothing outstanding, signed by a",
      "checkpoint and seen by every reader of the feed. A call's record stays in the read models;",
      "its history is no longer told over HTTP."
    },
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Example:",
      "  tandem audit archive --before 2026-01-01T00:00:00Z --to /mnt/archive --config node.conf",
      "",
      "Exit codes: 0 moved, or there was nothing to move; 1 refused; 2 the journal cannot be"
          + " opened."
    })
final class ArchiveCommand implements Callable<Integer> {
  /** Webhooks are told for three days of what is in the journal. */
  private static final Duration YOUNGEST = Duration.ofDays(4);

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(names = "--to", paramLabel = "DIR", description = "The directory of the files.")
  private @Nullable Path to;

  @Option(
      names = "--before",
      paramLabel = "INSTANT",
      converter = AuditCommand.InstantReader.class,
      description = "Calls whose last event is older; at least four days ago.")
  private @Nullable Instant before;

  @Mixin private JournalOptions options = new JournalOptions();

  ArchiveCommand() {}

  @Override
  public Integer call() {
    Path directory = to;
    Instant bound = before;
    if (directory == null) {
      return options.with(err(), this::list);
    }
    Instant now = Instant.now();
    if (bound == null || bound.isAfter(now.minus(YOUNGEST))) {
      throw new ParameterException(
          spec.commandLine(),
          "--before: found '" + bound + "', allowed: an instant at least four days ago");
    }
    return options.with(err(), journal -> move(journal, directory, bound, now));
  }

  private int move(OpenJournal journal, Path directory, Instant bound, Instant now) {
    journal.require(Rights.ARCHIVE, "archive --to");
    Progress progress = new Progress(err(), "looking for calls that are over");
    try {
      Optional<ArchiveNote> made =
          journal
              .archiver()
              .archive(directory, bound, now, done -> progress.show(done, done, done + " calls"));
      progress.done();
      show(made.stream().toList());
      if (made.isEmpty()) {
        err().println("There is nothing to move.");
      }
      return 0;
    } catch (JournalException e) {
      err().println("tandem: " + e.fault() + " " + e.getMessage());
      return e.fault().retryHelps() ? Excuse.CANNOT_BEGIN : 1;
    } catch (UncheckedIOException e) {
      err().println("tandem: --to: " + e.getMessage());
      return Excuse.CANNOT_BEGIN;
    }
  }

  private int list(OpenJournal journal) {
    show(journal.archives());
    return 0;
  }

  private void show(List<ArchiveNote> archives) {
    Rows rows =
        new Rows(
            spec.commandLine().getOut(),
            options.format(),
            new Column("archive", 7),
            new Column("madeAt", -27),
            new Column("before", -27),
            new Column("entities", 9),
            new Column("events", 9),
            new Column("root", -64));
    rows.heading();
    archives.forEach(
        each ->
            rows.row(
                each.number(),
                each.at().toString(),
                each.before().toString(),
                each.entities(),
                each.events(),
                each.root().toString()));
  }

  private PrintWriter err() {
    return spec.commandLine().getErr();
  }
}
