package io.tandem.persistence.webhook;

import static java.util.Collections.nCopies;

import io.tandem.persistence.database.Database;
import io.tandem.persistence.database.Sql;
import io.tandem.persistence.journal.JournalException;
import io.tandem.persistence.webhook.Delivery.State;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is to be told, and what was (ACC-7). All methods throw {@link JournalException} UNAVAILABLE.
 */
public final class Deliveries {

  private static final String COLUMNS =
      """
      webhook_id, event_id, object, sequence, event_name, account_id, noted_at, state, attempts,
        first_at, next_at, last_at, last_status, last_error\
      """;

  private static final String SELECT = "select " + COLUMNS + " from webhook_delivery d where";

  /**
   * Of each object the first alone: what happened later waits until that is told or given up. Of
   * each webhook some: one that does not answer leaves room for all others.
   */
  private static final String DUE =
      "select "
          + COLUMNS
          + """
           from (
            select d.*, row_number() over (
              partition by webhook_id order by next_at, event_id) as place
            from webhook_delivery d
            where state = 'PENDING' and next_at <= ? %s and not exists (
              select 1 from webhook_delivery e
              where e.webhook_id = d.webhook_id and e.object = d.object and e.state = 'PENDING'
                and e.sequence < d.sequence)) as ranked
          where place <= ?
          order by next_at, event_id limit ?\
          """;

  private final Database database;

  public Deliveries(Database database) {
    this.database = database;
  }

  /**
   * What is due, at most one for an object of a webhook.
   *
   * @param resting webhooks of which nothing is wanted now
   * @param ofOne at most so many of one webhook
   */
  public List<Delivery> due(Instant now, Collection<String> resting, int ofOne, int limit) {
    String without =
        resting.isEmpty()
            ? ""
            : "and webhook_id not in (" + String.join(", ", nCopies(resting.size(), "?")) + ")";
    List<Object> parameters = new ArrayList<>();
    parameters.add(now);
    parameters.addAll(resting);
    parameters.add(ofOne);
    parameters.add(limit);
    return database.run(
        c -> Sql.list(c, DUE.formatted(without), Deliveries::read, parameters.toArray()));
  }

  /**
   * What was noted for a webhook, oldest first.
   *
   * @param after the last row of the page before; null for the first page
   */
  public List<Delivery> log(String webhookId, @Nullable Delivery after, int limit) {
    return after == null
        ? log(webhookId, Instant.EPOCH, "", limit)
        : log(webhookId, after.notedAt(), after.eventId(), limit);
  }

  /** The same after an instant and, in that instant, after an event's id. */
  public List<Delivery> log(String webhookId, Instant after, String afterId, int limit) {
    return database.run(
        c ->
            Sql.list(
                c,
                SELECT
                    + " webhook_id = ? and (noted_at > ? or noted_at = ? and event_id > ?)"
                    + " order by noted_at, event_id limit ?",
                Deliveries::read,
                webhookId,
                after,
                after,
                afterId,
                limit));
  }

  /** How a try came out; nothing where it was asked for again meanwhile. */
  public void tried(Delivery before, Delivery after) {
    int unused =
        database.update(
            """
            update webhook_delivery set state = ?, attempts = ?, next_at = ?, last_at = ?,
              last_status = ?, last_error = ?
            where webhook_id = ? and event_id = ? and attempts = ? and first_at = ?
              and state = 'PENDING'\
            """,
            after.state().name(),
            after.attempts(),
            after.nextAt(),
            after.lastAt(),
            after.lastStatus(),
            after.lastError(),
            before.webhookId(),
            before.eventId(),
            before.attempts(),
            before.firstAt());
  }

  /** How many wait to be told. */
  public long pending() {
    return database.run(
        c -> Sql.number(c, "select count(*) from webhook_delivery where state = 'PENDING'"));
  }

  /** Forgets what was told or given up and noted before an instant; gives how many. */
  public int forget(Instant notedBefore) {
    return database.update(
        "delete from webhook_delivery where state <> 'PENDING' and noted_at < ?", notedBefore);
  }

  private static Delivery read(ResultSet row) throws SQLException {
    Long status = Sql.number(row, "last_status");
    return new Delivery(
        row.getString("webhook_id"),
        row.getString("event_id"),
        row.getString("object"),
        row.getLong("sequence"),
        row.getString("event_name"),
        row.getString("account_id"),
        Sql.instant(row.getLong("noted_at")),
        State.valueOf(row.getString("state")),
        row.getInt("attempts"),
        Sql.instant(row.getLong("first_at")),
        Sql.instant(row.getLong("next_at")),
        Sql.instant(row, "last_at"),
        status == null ? null : Math.toIntExact(status),
        row.getString("last_error"));
  }
}
