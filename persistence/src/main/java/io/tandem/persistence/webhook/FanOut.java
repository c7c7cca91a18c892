package io.tandem.persistence.webhook;

import io.tandem.persistence.database.Database;
import io.tandem.persistence.database.Dialect;
import io.tandem.persistence.database.Sql;
import io.tandem.persistence.journal.Envelope;
import io.tandem.persistence.journal.EventCodec;
import io.tandem.persistence.journal.JournalException;
import io.tandem.persistence.readmodel.EntityView;
import io.tandem.persistence.readmodel.EntityViews;
import io.tandem.persistence.readmodel.FeedBookmark;
import io.tandem.persistence.readmodel.FeedPosition;
import io.tandem.persistence.readmodel.JournalFeed;
import io.tandem.persistence.readmodel.JournalRow;
import io.tandem.persistence.readmodel.Projector;
import io.tandem.persistence.webhook.WebhookState.Target;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Follows the feed and notes what is to be told to which webhook, a page a transaction with its own
 * position: every event is noted once. It stays behind the read models, of which it has the list of
 * webhooks, so that an event after a webhook's creation never goes by before the webhook is seen.
 *
 * <p>Driven by its caller, one {@link #step} after the other, from one thread. An event that cannot
 * be read is not told; it is parked by the read models, which alarm.
 */
public final class FanOut {

  private static final String READER = "webhooks";
  private static final int PAGE = 500;

  private static final String NOTE =
      """
      insert into webhook_delivery (webhook_id, event_id, object, sequence, event_name, account_id,
        noted_at, state, attempts, first_at, next_at)
      values (?, ?, ?, ?, ?, ?, ?, 'PENDING', 0, ?, ?)\
      """;

  private static final String AGAIN =
      """
      update webhook_delivery set state = 'PENDING', attempts = 0, first_at = ?, next_at = ?
      where webhook_id = ? and \
      """;

  private record Listener(String id, Target target) {}

  private final Database database;
  private final JournalFeed feed;
  private final EntityViews views;
  private final EventCodec codec;
  private final Owners owners;
  private final FeedBookmark readModels;
  private final FeedBookmark own;
  private final InstantSource clock;
  private @Nullable FeedPosition position;

  /**
   * @param clock by whose time a delivery is due
   */
  public FanOut(Database database, EventCodec codec, InstantSource clock) {
    this.database = database;
    this.codec = codec.closed(); // nothing of persons is needed to know whom to tell
    this.feed = new JournalFeed(database);
    this.views = new EntityViews(database, this.codec);
    this.owners = new Owners(feed, this.codec);
    this.readModels = new FeedBookmark(Projector.READER);
    this.own = new FeedBookmark(READER);
    this.clock = clock;
  }

  /**
   * Takes the next page of the feed.
   *
   * @return how many events it had
   * @throws JournalException UNAVAILABLE, after which nothing has changed
   */
  public int step() {
    FeedPosition shown = database.run(readModels::stored); // before the list: that is no older
    List<Listener> listeners = listeners();
    FeedPosition from = position == null ? database.run(own::stored) : position;
    if (listeners.isEmpty()) {
      boolean skipped =
          shown.compareTo(from) > 0
              && database.inTransaction(connection -> skip(connection, from, shown));
      position = skipped ? shown : null;
      return 0;
    }
    List<JournalRow> rows =
        feed.read(from, PAGE).rows().stream()
            .takeWhile(row -> row.position().compareTo(shown) <= 0)
            .toList();
    if (rows.isEmpty()) {
      position = from;
      return 0;
    }
    position = null;
    FeedPosition to = rows.getLast().position();
    boolean moved =
        database.inTransaction(
            connection -> {
              if (!own.move(connection, from, to)) {
                return false;
              }
              note(connection, listeners, rows);
              return true;
            });
    position = moved ? to : null;
    return rows.size();
  }

  /**
   * Nobody is to be told. A crash may take the skip back, but not where a listener has come since:
   * that is a later commit.
   */
  private boolean skip(Connection connection, FeedPosition from, FeedPosition to)
      throws SQLException {
    if (database.dialect() == Dialect.POSTGRESQL) {
      Sql.execute(connection, "set local synchronous_commit to off");
    }
    return own.move(connection, from, to);
  }

  private List<Listener> listeners() {
    List<Listener> all = new ArrayList<>();
    String after = "";
    List<EntityView> page;
    do {
      page = views.all("webhook", after, PAGE);
      for (EntityView view : page) {
        after = view.entityId();
        if (view.state() instanceof WebhookState state && state.target() != null) {
          all.add(new Listener(view.entityId(), state.target()));
        }
      }
    } while (page.size() == PAGE);
    return all;
  }

  private void note(Connection connection, List<Listener> listeners, List<JournalRow> rows)
      throws SQLException {
    Instant now = clock.instant();
    List<@Nullable Object[]> notes = new ArrayList<>();
    for (JournalRow row : rows) {
      try {
        Envelope envelope = row.envelope();
        if (envelope.entityType().equals("webhook")) {
          flush(connection, notes);
          again(connection, envelope, now);
        } else {
          note(connection, listeners, row, envelope, now, notes);
        }
      } catch (JournalException e) {
        if (e.fault().retryHelps()) {
          throw e;
        }
        // parked by the read models, with an alarm; what cannot be read cannot be told
      }
    }
    flush(connection, notes);
  }

  private static void flush(Connection connection, List<@Nullable Object[]> notes)
      throws SQLException {
    int[] unused = Sql.batch(connection, NOTE, notes);
    notes.clear();
  }

  private void note(
      Connection connection,
      List<Listener> listeners,
      JournalRow row,
      Envelope envelope,
      Instant now,
      List<@Nullable Object[]> notes)
      throws SQLException {
    String event = envelope.header().event().name();
    List<Listener> interested =
        listeners.stream()
            .filter(each -> each.target().enabled() && each.target().wants(event))
            .filter(each -> !envelope.header().at().isBefore(each.target().since()))
            .toList();
    if (interested.isEmpty()) {
      return; // the common way, which asks nothing of the database
    }
    Set<String> accounts = owners.of(connection, row, envelope);
    for (Listener each : interested) {
      String account = each.target().accountId();
      if (accounts.contains(account)) {
        notes.add(
            new Object[] {
              each.id(),
              Delivery.eventId(row.persistenceId(), row.sequence()),
              row.persistenceId(),
              row.sequence(),
              event,
              account,
              now,
              now,
              now
            });
      }
    }
  }

  /** Somebody wants to be told again. */
  private void again(Connection connection, Envelope envelope, Instant now) throws SQLException {
    if (codec.read(envelope, Record.class).orElse(null) instanceof WebhookEvent.ReplayAsked asked) {
      Stream<Object> common = Stream.of(now, now, envelope.entityId());
      String eventId = asked.eventId();
      boolean one = eventId != null;
      Stream<Object> which =
          eventId != null ? Stream.of(eventId) : Stream.of(asked.from(), asked.to());
      int[] unused =
          Sql.batch(
              connection,
              AGAIN + (one ? "event_id = ?" : "noted_at >= ? and noted_at < ?"),
              List.<@Nullable Object[]>of(Stream.concat(common, which).toArray()));
    }
  }
}
