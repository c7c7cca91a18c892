package io.tandem.persistence.journal.rows;

import io.tandem.persistence.database.DatabaseSettings;
import io.tandem.persistence.journal.rows.WriteLanes.Write;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection that writes: a transaction is one statement, in the connection's auto-commit, so
 * that it costs one round trip and one flush.
 *
 * <p>Where the database refuses a row, the statement has stored nothing: it is tried again in
 * halves, until the refused write is alone and the others are stored.
 */
final class Lane<R> implements Runnable {

  private static final Logger LOG = LoggerFactory.getLogger(Lane.class);

  /**
   * Classes of SQLSTATE that blame the rows: cardinality, data, integrity, limits of the program;
   * and a rolled back transaction, which is worth another try in other company.
   */
  private static final Set<String> BLAMES_ROWS = Set.of("21", "22", "23", "54", "40");

  private static final String ROLLED_BACK = "40";

  private final WriteLanes<R> queue;
  private final RowStore<R> store;
  private final DatabaseSettings database;
  private final AtomicLong failures;

  private @Nullable Connection connection;
  private RowStore.@Nullable Insert<R> insert;
  private long connectedAt;

  /** How many writes of the batch, from the first, know their outcome. */
  private int settled;

  Lane(WriteLanes<R> queue, RowStore<R> store, DatabaseSettings database, AtomicLong failures) {
    this.queue = queue;
    this.store = store;
    this.database = database;
    this.failures = failures;
  }

  @Override
  public void run() {
    try {
      for (List<Write<R>> batch = queue.take(); !batch.isEmpty(); batch = queue.take()) {
        try {
          store(batch);
        } finally {
          queue.ended();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      disconnect();
    }
  }

  private void store(List<Write<R>> batch) {
    settled = 0;
    try {
      store(connected(), batch);
    } catch (SQLException | RuntimeException e) {
      failed(batch.subList(settled, batch.size()), e);
    }
  }

  /** Stores a part of the batch; those before it have been told. */
  private void store(RowStore.Insert<R> statement, List<Write<R>> part) throws SQLException {
    try {
      statement.store(rowsOf(part));
    } catch (SQLException e) {
      if (!blamesRows(e)) {
        throw e;
      }
      if (part.size() > 1) {
        int half = part.size() / 2;
        store(statement, part.subList(0, half));
        store(statement, part.subList(half, part.size()));
      } else {
        boolean rolledBack = LaneConnection.stateOf(e).equals(ROLLED_BACK);
        settle(part, rolledBack ? new Stored.Failed(e) : new Stored.Refused(e));
      }
      return;
    }
    settle(part, Stored.Done.DONE);
  }

  private void settle(List<Write<R>> part, Stored outcome) {
    settled += part.size();
    part.forEach(write -> write.tell(outcome));
  }

  private void failed(List<Write<R>> open, Exception cause) {
    Connection used = connection;
    boolean lost = used == null || LaneConnection.isLost(used, cause);
    LOG.warn(
        "{} writes failed{}: {}",
        open.size(),
        lost ? ", connection lost" : "",
        LaneConnection.said(cause));
    open.forEach(write -> write.tell(new Stored.Failed(cause)));
    if (lost) {
      failures.incrementAndGet();
      disconnect();
      queue.failWaiting(cause);
    }
  }

  private RowStore.Insert<R> connected() throws SQLException {
    RowStore.Insert<R> ready = insert;
    if (ready != null && connectedAt == failures.get()) {
      return ready;
    }
    disconnect();
    connectedAt = failures.get();
    Connection made = LaneConnection.open(database);
    connection = made;
    ready = store.prepare(made);
    insert = ready;
    return ready;
  }

  private void disconnect() {
    Connection old = connection;
    connection = null;
    insert = null;
    if (old != null) {
      try {
        old.close();
      } catch (SQLException e) {
        LOG.debug("closing a connection: {}", LaneConnection.said(e));
      }
    }
  }

  private static <R> List<R> rowsOf(List<Write<R>> batch) {
    if (batch.size() == 1) {
      return batch.getFirst().rows();
    }
    List<R> rows = new ArrayList<>();
    for (Write<R> each : batch) {
      rows.addAll(each.rows());
    }
    return rows;
  }

  private static boolean blamesRows(SQLException e) {
    return BLAMES_ROWS.contains(LaneConnection.stateOf(e));
  }
}
