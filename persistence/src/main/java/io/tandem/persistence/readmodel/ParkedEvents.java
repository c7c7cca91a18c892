package io.tandem.persistence.readmodel;

import io.tandem.persistence.database.Database;
import io.tandem.persistence.database.Sql;
import io.tandem.persistence.journal.JournalException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Events that a reader of the feed could not apply (AUD-5): the reader goes on without that entity,
 * whose later events wait behind the first one until somebody has it tried again. All methods throw
 * {@link JournalException} UNAVAILABLE.
 */
public final class ParkedEvents {

  private static final int REASON_MAX = 200;

  private static final String SELECT =
      "select reader, entity, sequence, txid, ordering, reason, parked_at, waiting from"
          + " parked_event";

  private final Database database;

  public ParkedEvents(Database database) {
    this.database = database;
  }

  /**
   * One entity that a reader goes on without.
   *
   * @param reader whose tables lack it
   * @param entity {@code type|id}
   * @param sequence of the first event that could not be applied
   * @param position of that event in the feed
   * @param reason what was wrong, without anything the event says
   * @param waiting events behind it
   */
  public record Parked(
      String reader,
      String entity,
      long sequence,
      FeedPosition position,
      String reason,
      Instant at,
      long waiting) {}

  /** All of them, oldest first. */
  public List<Parked> all() {
    return database.run(
        connection ->
            Sql.list(
                connection,
                SELECT + " order by parked_at, entity",
                row ->
                    new Parked(
                        row.getString("reader"),
                        row.getString("entity"),
                        row.getLong("sequence"),
                        new FeedPosition(row.getLong("txid"), row.getLong("ordering")),
                        row.getString("reason"),
                        Sql.instant(row.getLong("parked_at")),
                        row.getLong("waiting"))));
  }

  /** How many entities a reader goes on without. */
  public long count(String reader) {
    return database.run(
        connection ->
            Sql.number(
                connection,
                "select count(*) as parked from parked_event where reader = ?",
                reader));
  }

  /** Parks an event; false where its entity is parked already, behind which it waits. */
  static boolean park(
      Connection connection, String reader, JournalRow row, JournalException why, Instant now)
      throws SQLException {
    int[] behind =
        Sql.batch(
            connection,
            "update parked_event set waiting = waiting + 1 where reader = ? and entity = ? and"
                + " sequence < ?",
            List.<@Nullable Object[]>of(
                new Object[] {reader, row.persistenceId(), row.sequence()}));
    if (behind[0] == 1) {
      return false;
    }
    String what = why.fault() + " " + why.getMessage();
    int[] unused =
        Sql.batch(
            connection,
            "insert into parked_event (reader, entity, sequence, txid, ordering, reason,"
                + " parked_at, waiting) values (?, ?, ?, ?, ?, ?, ?, 0)",
            List.<@Nullable Object[]>of(
                new Object[] {
                  reader,
                  row.persistenceId(),
                  row.sequence(),
                  row.position().txid(),
                  row.position().ordering(),
                  what.substring(0, Math.min(REASON_MAX, what.length())),
                  now
                }));
    return true;
  }

  /** Forgets that an entity is parked: it is about to be tried again. */
  static boolean take(Connection connection, String reader, String entity) throws SQLException {
    int[] taken =
        Sql.batch(
            connection,
            "delete from parked_event where reader = ? and entity = ?",
            List.<@Nullable Object[]>of(new Object[] {reader, entity}));
    return taken[0] == 1;
  }
}
