package io.tandem.persistence.journal.rows;

import io.tandem.persistence.database.DatabaseSettings;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Reads single histories and snapshots from PostgreSQL, for entities that are loaded, and deletes
 * them where Akka is told to (no host does). Statements are those that {@link EventRows} and {@link
 * SnapshotRows} write for; who reads the journal as a whole uses {@code readmodel}.
 *
 * <p>The one question that every new entity asks, where its history ends, is asked for many of them
 * at once: what arrives while the lane is busy is the next query. All other work has lanes of its
 * own, so that long histories keep nobody new waiting. Answers come on a lane's thread: what hangs
 * on them must not block it. Thread-safe.
 */
public final class EventReads implements AutoCloseable {

  private static final int ENDS_TOGETHER = 500;

  private static final String ENDS =
      """
      select (select max(e.sequence_number) from event_journal e where e.persistence_id = r.p)
      from unnest(?::text[]) with ordinality as r(p, i) order by r.i\
      """;

  private static final String EVENTS =
      """
      select sequence_number, writer, write_timestamp, event_ser_id, event_ser_manifest, event_payload
      from event_journal
      where persistence_id = ? and sequence_number >= ? and sequence_number <= ? and not deleted
      order by sequence_number limit ?\
      """;

  /** The last of all stays as a mark: a history never ends before a position that it has had. */
  private static final String DELETE_EVENTS =
      """
      delete from event_journal where persistence_id = ? and sequence_number <= ? and sequence_number
        < (select max(e.sequence_number) from event_journal e where e.persistence_id = ?)\
      """;

  private static final String MARK_EVENTS =
      """
      update event_journal set deleted = true
      where persistence_id = ? and sequence_number <= ? and not deleted\
      """;

  private static final String SNAPSHOTS =
      """
      from snapshot where persistence_id = ?
        and sequence_number >= ? and sequence_number <= ? and created >= ? and created <= ?
      """;

  private static final String NEWEST_SNAPSHOT =
      "select sequence_number, created, snapshot_ser_id, snapshot_ser_manifest, snapshot_payload "
          + SNAPSHOTS
          + "order by sequence_number desc limit 1";

  private static final String DELETE_SNAPSHOTS = "delete " + SNAPSHOTS;

  /** Anything that is done alone. */
  @FunctionalInterface
  private interface Work<A> {
    A on(Connection connection) throws SQLException;
  }

  private final ReadLanes<String, Long> ends;
  private final ReadLanes<Work<?>, Object> works;

  private EventReads(ReadLanes<String, Long> ends, ReadLanes<Work<?>, Object> works) {
    this.ends = ends;
    this.works = works;
  }

  /**
   * Starts the lanes.
   *
   * @param database PostgreSQL; its pool size does not count here
   * @param lanes connections beside the one that asks where histories end
   */
  public static EventReads start(DatabaseSettings database, int lanes) {
    return new EventReads(
        ReadLanes.start("tandem-ends", database, 1, ENDS_TOGETHER, EventReads::ends),
        ReadLanes.start(
            "tandem-replay",
            database,
            lanes,
            1,
            (works, connection) -> List.<Object>of(works.getFirst().on(connection))));
  }

  /** The last position that an entity's history has had; 0 where it has none. */
  public CompletableFuture<Long> end(String persistenceId) {
    return ends.ask(persistenceId);
  }

  /** Events in their order, without those that are marked as deleted. */
  public CompletableFuture<List<EventRow>> events(EventRange range) {
    return alone(connection -> events(range, connection));
  }

  /** The one with the highest position in the range. */
  public CompletableFuture<Optional<SnapshotRow>> newestSnapshot(SnapshotRange range) {
    return alone(connection -> newestSnapshot(range, connection));
  }

  /** Deletes events up to a position, included; gives how many rows it changed. */
  public CompletableFuture<Integer> deleteEvents(String persistenceId, long to) {
    return alone(connection -> deleteEvents(persistenceId, to, connection));
  }

  /** Deletes snapshots; gives how many. */
  public CompletableFuture<Integer> deleteSnapshots(SnapshotRange range) {
    return alone(
        connection -> {
          try (PreparedStatement delete = connection.prepareStatement(DELETE_SNAPSHOTS)) {
            bind(delete, range);
            return delete.executeUpdate();
          }
        });
  }

  @SuppressWarnings("unchecked") // what the work gave is what it is told
  private <A> CompletableFuture<A> alone(Work<A> work) {
    return (CompletableFuture<A>) works.ask(work);
  }

  private static List<Long> ends(List<String> persistenceIds, Connection connection)
      throws SQLException {
    try (PreparedStatement select = connection.prepareStatement(ENDS)) {
      select.setArray(1, connection.createArrayOf("text", persistenceIds.toArray()));
      List<Long> found = new ArrayList<>(persistenceIds.size());
      try (ResultSet rows = select.executeQuery()) {
        while (rows.next()) {
          found.add(rows.getLong(1)); // no rows, no maximum: 0
        }
      }
      return found;
    }
  }

  private static List<EventRow> events(EventRange range, Connection connection)
      throws SQLException {
    try (PreparedStatement select = connection.prepareStatement(EVENTS)) {
      select.setString(1, range.persistenceId());
      select.setLong(2, range.from());
      select.setLong(3, range.to());
      select.setInt(4, range.max());
      List<EventRow> found = new ArrayList<>();
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          found.add(
              new EventRow(
                  range.persistenceId(),
                  row.getLong(1),
                  row.getString(2),
                  row.getLong(3),
                  row.getInt(4),
                  row.getString(5),
                  row.getBytes(6)));
        }
      }
      return found;
    }
  }

  private static int deleteEvents(String persistenceId, long to, Connection connection)
      throws SQLException {
    connection.setAutoCommit(false);
    try (PreparedStatement delete = connection.prepareStatement(DELETE_EVENTS);
        PreparedStatement mark = connection.prepareStatement(MARK_EVENTS)) {
      delete.setString(1, persistenceId);
      delete.setLong(2, to);
      delete.setString(3, persistenceId);
      int changed = delete.executeUpdate();
      mark.setString(1, persistenceId);
      mark.setLong(2, to);
      changed += mark.executeUpdate();
      connection.commit();
      return changed;
    } finally {
      connection.rollback(); // nothing where it was committed
      connection.setAutoCommit(true);
    }
  }

  private static Optional<SnapshotRow> newestSnapshot(SnapshotRange range, Connection connection)
      throws SQLException {
    try (PreparedStatement select = connection.prepareStatement(NEWEST_SNAPSHOT)) {
      bind(select, range);
      try (ResultSet row = select.executeQuery()) {
        if (!row.next()) {
          return Optional.empty();
        }
        return Optional.of(
            new SnapshotRow(
                range.persistenceId(),
                row.getLong(1),
                row.getLong(2),
                row.getInt(3),
                row.getString(4),
                row.getBytes(5)));
      }
    }
  }

  private static void bind(PreparedStatement statement, SnapshotRange range) throws SQLException {
    statement.setString(1, range.persistenceId());
    statement.setLong(2, range.fromSequence());
    statement.setLong(3, range.toSequence());
    statement.setLong(4, range.fromMillis());
    statement.setLong(5, range.toMillis());
  }

  /** Ends the lanes; who still waits is told that it failed. */
  @Override
  public void close() {
    ends.close();
    works.close();
  }
}
