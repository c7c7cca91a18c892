package io.tandem.ops.audit;

import io.tandem.ops.audit.Rows.Column;
import io.tandem.persistence.journal.Envelope;
import io.tandem.persistence.journal.EventHeader;
import io.tandem.persistence.readmodel.FeedPage;
import io.tandem.persistence.readmodel.FeedPosition;
import io.tandem.persistence.readmodel.JournalFeed;
import io.tandem.persistence.readmodel.JournalRow;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code tandem audit follow}: events as they are committed, in the order of the feed (AUD-3). */
@Command(
    name = "follow",
    description = {
      "Shows events as they are committed, in one order in which none is missed. A node that runs"
          + " is",
      "not disturbed; one that does not is waited for."
    },
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Examples:",
      "  tandem audit follow                          # from now on, until Ctrl-C",
      "  tandem audit follow --from-start --until-end # the whole journal, then stop",
      "  tandem audit follow --type wallet --json | jq .event",
      "",
      "Exit codes: 0 stopped as asked, 2 the journal cannot be opened."
    })
public final class FollowCommand implements Callable<Integer> {
  private static final int PAGE = 1_000;
  private static final Duration PACE = Duration.ofMillis(250);

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(names = "--type", paramLabel = "TYPE", description = "Entities of this type alone.")
  private @Nullable String type;

  @Option(names = "--from-start", description = "All there is, then what comes.")
  private boolean fromStart;

  @Option(names = "--until-end", description = "Stops where the journal ends now.")
  private boolean untilEnd;

  @Mixin private JournalOptions options = new JournalOptions();

  @Override
  public Integer call() {
    return options.with(
        err(),
        journal -> {
          JournalFeed feed = journal.feed();
          FeedPosition position = fromStart ? FeedPosition.START : end(feed);
          Rows rows =
              new Rows(
                  out(),
                  options.format(),
                  new Column("at", -30),
                  new Column("entity", -44),
                  new Column("sequence", 8),
                  new Column("event", -26),
                  new Column("actor", -14),
                  new Column("content", -1));
          while (!Thread.currentThread().isInterrupted()) {
            FeedPage page = feed.read(position, PAGE);
            for (JournalRow row : page.rows()) {
              show(rows, row, journal);
            }
            position = page.next();
            out().flush();
            if (page.rows().isEmpty()) {
              if (untilEnd) {
                break;
              }
              LockSupport.parkNanos(PACE.toNanos());
            }
          }
          return 0;
        });
  }

  private static FeedPosition end(JournalFeed feed) {
    FeedPage page = feed.read(FeedPosition.START, PAGE);
    while (!page.rows().isEmpty()) {
      page = feed.read(page.next(), PAGE);
    }
    return page.next();
  }

  private void show(Rows rows, JournalRow row, OpenJournal journal) {
    if (type != null && !row.persistenceId().startsWith(type + "|")) {
      return;
    }
    Envelope envelope = row.envelope();
    EventHeader header = envelope.header();
    rows.row(
        header.at().toString(),
        envelope.entityType() + "/" + envelope.entityId(),
        header.sequence(),
        header.event().toString(),
        header.actor(),
        journal
            .codec()
            .read(envelope, Record.class)
            .map(event -> new Rows.Json(journal.codec().toJson(event)))
            .orElse(null));
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }

  private PrintWriter err() {
    return spec.commandLine().getErr();
  }
}
