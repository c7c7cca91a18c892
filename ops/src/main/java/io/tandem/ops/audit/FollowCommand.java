package io.tandem.ops.audit;

import io.tandem.ops.audit.Rows.Column;
import io.tandem.persistence.journal.Envelope;
import io.tandem.persistence.journal.EventHeader;
import io.tandem.persistence.journal.JournalException;
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
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

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
      "  tandem audit follow --after 7421:90312       # from where another stopped, by its"
          + " position",
      "",
      "Exit codes: 0 stopped as asked, 1 events cannot be read (they are shown with the fault), 2"
          + " the journal cannot be opened."
    })
public final class FollowCommand implements Callable<Integer> {
  private static final int PAGE = 1_000;
  private static final Duration PACE = Duration.ofMillis(250);

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(names = "--type", paramLabel = "TYPE", description = "Entities of this type alone.")
  private @Nullable String type;

  @Option(names = "--from-start", description = "All there is, then what comes.")
  private boolean fromStart;

  @Option(
      names = "--after",
      paramLabel = "POSITION",
      converter = PositionReader.class,
      description = "From after the event that was shown with this position.")
  private @Nullable FeedPosition after;

  @Option(names = "--until-end", description = "Stops where the journal ends now.")
  private boolean untilEnd;

  @Mixin private JournalOptions options = new JournalOptions();

  @Override
  public Integer call() {
    return options.with(
        err(),
        journal -> {
          JournalFeed feed = journal.feed();
          FeedPosition position = begin(feed);
          boolean allRead = true;
          Rows rows =
              new Rows(
                  out(),
                  options.format(),
                  new Column("position", -20),
                  new Column("at", -30),
                  new Column("entity", -44),
                  new Column("sequence", 8),
                  new Column("event", -26),
                  new Column("actor", -14),
                  new Column("content", -1),
                  new Column("fault", -1));
          while (!Thread.currentThread().isInterrupted()) {
            FeedPage page = feed.read(position, PAGE);
            for (JournalRow row : page.rows()) {
              allRead &= show(rows, row, journal);
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
          return allRead ? 0 : 1;
        });
  }

  private FeedPosition begin(JournalFeed feed) {
    if (after != null && fromStart) {
      throw new ParameterException(
          spec.commandLine(), "--after and --from-start say two beginnings");
    }
    if (after != null) {
      return after;
    }
    return fromStart ? FeedPosition.START : feed.end();
  }

  /** What an event's position is read from. */
  static final class PositionReader implements ITypeConverter<FeedPosition> {
    @Override
    public FeedPosition convert(String text) {
      try {
        return FeedPosition.of(text);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(
            "found '" + text + "', allowed: a position such as 7421:90312");
      }
    }
  }

  /** Shows an event; what cannot be read of it stays empty, and false is given (AUD-5). */
  private boolean show(Rows rows, JournalRow row, OpenJournal journal) {
    if (type != null && !row.persistenceId().startsWith(type + "|")) {
      return true;
    }
    @Nullable EventHeader header = null;
    Rows.@Nullable Json content = null;
    @Nullable String fault = null;
    try {
      Envelope envelope = row.envelope();
      header = envelope.header();
      content =
          journal
              .codec()
              .read(envelope, Record.class)
              .map(event -> new Rows.Json(journal.codec().toJson(event)))
              .orElse(null);
    } catch (JournalException e) {
      if (e.fault().retryHelps()) {
        throw e;
      }
      fault = e.fault() + " " + e.getMessage();
    }
    rows.row(
        row.position().toString(),
        header == null ? null : header.at().toString(),
        row.persistenceId().replaceFirst("\\|", "/"),
        row.sequence(),
        header == null ? null : header.event().toString(),
        header == null ? null : header.actor(),
        content,
        fault);
    return fault == null;
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }

  private PrintWriter err() {
    return spec.commandLine().getErr();
  }
}
