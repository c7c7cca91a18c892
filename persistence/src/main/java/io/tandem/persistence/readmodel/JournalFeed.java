package io.tandem.persistence.readmodel;

import io.tandem.persistence.archive.ArchivedRows;
import io.tandem.persistence.database.Database;
import io.tandem.persistence.database.Dialect;
import io.tandem.persistence.database.Sql;
import io.tandem.persistence.journal.JournalException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The journal in one order that never changes and has no gaps: what was read once is complete up to
 * there, so a reader only keeps its position.
 *
 * <p>PostgreSQL hands out row numbers before transactions commit, so a number may appear after a
 * higher one has been read. Rows are therefore ordered by (transaction, number), and only those of
 * transactions older than every open one are given. A transaction left open with writes holds the
 * feed back; it does not make it lie.
 *
 * <p>H2 is written by one connection of one node, so numbers appear in order.
 */
public final class JournalFeed {

  private static final String POSTGRESQL_PAGE =
      """
      select txid::text as written_by, ordering, persistence_id, sequence_number, event_payload
      from event_journal
      where (txid, ordering) > (?::text::xid8, ?) and txid < pg_snapshot_xmin(pg_current_snapshot())
        and not deleted
      order by txid, ordering
      limit ?\
      """;

  private static final String POSTGRESQL_END =
      """
      select txid::text, ordering from event_journal
      where txid < pg_snapshot_xmin(pg_current_snapshot()) and not deleted
      order by txid desc, ordering desc
      limit 1\
      """;

  private static final String H2_END =
      """
      select '0', "ordering" from "event_journal" where not "deleted" order by "ordering" desc limit 1\
      """;

  private static final String H2_PAGE =
      """
      select '0' as "written_by", "ordering", "persistence_id", "sequence_number", "event_payload"
      from "event_journal"
      where "ordering" > ? and not "deleted"
      order by "ordering"
      limit ?\
      """;

  private static final int ENTITY_PAGE = 1_000;

  private final Database database;
  private final int entityPage;

  public JournalFeed(Database database) {
    this(database, ENTITY_PAGE);
  }

  JournalFeed(Database database, int entityPage) {
    this.database = database;
    this.entityPage = entityPage;
  }

  /**
   * The rows after a position, at most {@code max}; none where there are no more just now.
   *
   * @throws JournalException UNAVAILABLE
   */
  public FeedPage read(FeedPosition after, int max) {
    List<JournalRow> rows =
        ArchivedRows.merged(
            database,
            database.run(connection -> read(connection, after, max)),
            after,
            null,
            max,
            row -> new JournalRow(row.position(), row.entity(), row.sequence(), row.bytes()),
            JournalRow::position);
    return new FeedPage(rows, rows.isEmpty() ? after : rows.getLast().position());
  }

  /**
   * Where it ends just now: after the newest row that would be given.
   *
   * @throws JournalException UNAVAILABLE
   */
  public FeedPosition end() {
    List<FeedPosition> live =
        database.run(
            connection ->
                Sql.list(
                    connection,
                    database.dialect() == Dialect.POSTGRESQL ? POSTGRESQL_END : H2_END,
                    row -> new FeedPosition(Long.parseLong(row.getString(1)), row.getLong(2))));
    return Stream.concat(live.stream(), ArchivedRows.ends(database))
        .max(Comparator.naturalOrder())
        .orElse(FeedPosition.START);
  }

  /**
   * How long the oldest transaction that has written and is still open has held the feed back;
   * empty where there is none, and on H2. To be watched: the journal goes on, its readers wait. It
   * may be in any database of the server, or prepared and forgotten; those of other users are seen
   * with {@code pg_monitor} alone.
   *
   * @throws JournalException UNAVAILABLE
   */
  public Optional<Duration> heldBack() {
    if (database.dialect() != Dialect.POSTGRESQL) {
      return Optional.empty();
    }
    return database
        .run(
            connection ->
                Sql.list(
                    connection,
                    """
                    select (extract(epoch from clock_timestamp() - begun) * 1000)::bigint as millis
                    from (
                      select xact_start as begun from pg_stat_activity where backend_xid is not null
                      union all select prepared from pg_prepared_xacts
                    ) as held
                    where begun is not null
                    order by begun limit 1\
                    """,
                    row -> Duration.ofMillis(row.getLong("millis"))))
        .stream()
        .findFirst();
  }

  /** The first row of one entity; none where it has no events. */
  public List<JournalRow> firstOf(Connection connection, String persistenceId) throws SQLException {
    return Sql.list(
        connection,
        (database.dialect() == Dialect.POSTGRESQL
                ? "select txid::text as \"written_by\", "
                : "select '0' as \"written_by\", ")
            + """
            "ordering", "persistence_id", "sequence_number", "event_payload"
            from "event_journal"
            where "persistence_id" = ? and "sequence_number" = 1 and not "deleted\"\
            """,
        JournalFeed::row,
        persistenceId);
  }

  /**
   * The rows of one entity up to a position that has been read, a page at a time: histories are
   * long, and memory does not grow with them. Each use of it reads anew.
   *
   * @param connection to be open while they are read
   */
  public Iterable<JournalRow> ofEntity(
      Connection connection, String persistenceId, FeedPosition upTo) {
    return () ->
        new EntityRows(
            (after, max) -> ofEntity(connection, persistenceId, upTo, after, max), entityPage);
  }

  private List<JournalRow> ofEntity(
      Connection connection, String persistenceId, FeedPosition upTo, long after, int max)
      throws SQLException {
    return database.dialect() == Dialect.POSTGRESQL
        ? Sql.list(
            connection,
            """
            select txid::text as written_by, ordering, persistence_id, sequence_number, event_payload
            from event_journal
            where persistence_id = ? and sequence_number > ?
              and (txid, ordering) <= (?::text::xid8, ?) and not deleted
            order by sequence_number
            limit ?\
            """,
            JournalFeed::row,
            persistenceId,
            after,
            Long.toString(upTo.txid()),
            upTo.ordering(),
            max)
        : Sql.list(
            connection,
            """
            select '0' as "written_by", "ordering", "persistence_id", "sequence_number",
              "event_payload"
            from "event_journal"
            where "persistence_id" = ? and "sequence_number" > ? and "ordering" <= ?
              and not "deleted"
            order by "sequence_number"
            limit ?\
            """,
            JournalFeed::row,
            persistenceId,
            after,
            upTo.ordering(),
            max);
  }

  private List<JournalRow> read(Connection connection, FeedPosition after, int max)
      throws SQLException {
    return database.dialect() == Dialect.POSTGRESQL
        ? Sql.list(
            connection,
            POSTGRESQL_PAGE,
            JournalFeed::row,
            Long.toString(after.txid()),
            after.ordering(),
            max)
        : Sql.list(connection, H2_PAGE, JournalFeed::row, after.ordering(), max);
  }

  private static JournalRow row(ResultSet result) throws SQLException {
    return new JournalRow(
        new FeedPosition(
            Long.parseLong(result.getString("written_by")), result.getLong("ordering")),
        result.getString("persistence_id"),
        result.getLong("sequence_number"),
        result.getBytes("event_payload"));
  }
}
