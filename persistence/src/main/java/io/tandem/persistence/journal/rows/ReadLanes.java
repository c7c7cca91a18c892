package io.tandem.persistence.journal.rows;

import io.tandem.persistence.database.DatabaseSettings;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A few threads, each with a connection of its own, that answer questions from one queue; what
 * arrives while they are busy is asked together, as far as a question may have company.
 *
 * <p>Where a connection turns out to be dead, the question is put once more on a new one: all of
 * them may be asked twice. Where none can be made, it fails, and with it all that wait.
 * Thread-safe.
 */
final class ReadLanes<K, A> implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(ReadLanes.class);
  private static final long STOP_MILLIS = 15_000;

  /** Answers questions on a connection in auto-commit. */
  @FunctionalInterface
  interface Answers<K, A> {
    /** One answer for each question, in their order. */
    List<A> to(List<K> questions, Connection connection) throws SQLException;
  }

  private record Asked<K, A>(K question, CompletableFuture<A> answer) {}

  private final DatabaseSettings database;
  private final int together;
  private final Answers<K, A> answers;

  /** Empty is the end, for one lane each. */
  private final BlockingQueue<Optional<Asked<K, A>>> waiting = new LinkedBlockingQueue<>();

  private final List<Thread> lanes = new ArrayList<>();
  private volatile boolean closed;

  private ReadLanes(DatabaseSettings database, int together, Answers<K, A> answers) {
    this.database = database;
    this.together = together;
    this.answers = answers;
  }

  /**
   * Starts the lanes; each connects when it is asked something.
   *
   * @param together how many questions may be asked at once, from 1
   */
  static <K, A> ReadLanes<K, A> start(
      String name, DatabaseSettings database, int count, int together, Answers<K, A> answers) {
    ReadLanes<K, A> lanes = new ReadLanes<>(database, together, answers);
    for (int i = 1; i <= count; i++) {
      lanes.lanes.add(
          Thread.ofPlatform().daemon().name(name + "-" + i).unstarted(lanes.new Reader()));
    }
    lanes.lanes.forEach(Thread::start);
    return lanes;
  }

  /** Asks; returns at once. What hangs on the answer runs on the lane and must not block it. */
  CompletableFuture<A> ask(K question) {
    CompletableFuture<A> answer = new CompletableFuture<>();
    boolean unused = waiting.add(Optional.of(new Asked<>(question, answer)));
    if (closed) {
      failWaiting(new SQLException("the journal is closed"));
    }
    return answer;
  }

  private void failWaiting(Exception cause) {
    List<Optional<Asked<K, A>>> all = new ArrayList<>();
    waiting.drainTo(all);
    for (Optional<Asked<K, A>> each : all) {
      if (each.isPresent()) {
        each.get().answer().completeExceptionally(cause);
      } else {
        boolean unused = waiting.add(each); // an end is for its lane
      }
    }
  }

  /** Ends the lanes; who still waits is told that it failed. */
  @Override
  public void close() {
    closed = true;
    failWaiting(new SQLException("the journal is closed"));
    lanes.forEach(lane -> waiting.add(Optional.empty()));
    long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(STOP_MILLIS);
    try {
      for (Thread lane : lanes) {
        long left = TimeUnit.NANOSECONDS.toMillis(until - System.nanoTime());
        lane.join(Math.max(1, left));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** One thread and its connection. */
  private final class Reader implements Runnable {

    private @Nullable Connection connection;

    @Override
    public void run() {
      try {
        for (Optional<Asked<K, A>> next = waiting.take(); next.isPresent(); next = waiting.take()) {
          List<Asked<K, A>> batch = new ArrayList<>();
          batch.add(next.get());
          boolean last = false;
          while (!last && batch.size() < together) {
            Optional<Asked<K, A>> more = waiting.poll();
            if (more == null) {
              break;
            }
            last = more.isEmpty();
            more.ifPresent(batch::add);
          }
          answer(batch);
          if (last) {
            return;
          }
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } finally {
        disconnect();
      }
    }

    private void answer(List<Asked<K, A>> batch) {
      boolean fresh = connection == null;
      try {
        List<A> told = answers.to(batch.stream().map(Asked::question).toList(), connected());
        for (int i = 0; i < batch.size(); i++) {
          batch.get(i).answer().complete(told.get(i));
        }
      } catch (SQLException | RuntimeException e) {
        Connection used = connection;
        boolean lost = used == null || LaneConnection.isLost(used, e);
        if (lost) {
          disconnect();
        }
        if (lost && !fresh) {
          answer(batch);
        } else if (!lost && batch.size() > 1) {
          batch.forEach(each -> answer(List.of(each)));
        } else {
          LOG.warn("{} reads failed: {}", batch.size(), LaneConnection.said(e));
          batch.forEach(each -> each.answer().completeExceptionally(e));
          if (lost) {
            failWaiting(e);
          }
        }
      }
    }

    private Connection connected() throws SQLException {
      Connection ready = connection;
      if (ready != null) {
        return ready;
      }
      ready = LaneConnection.open(database);
      connection = ready;
      try (Statement statement = ready.createStatement()) {
        // all reads go by the primary key: no plan made while the table was empty reads it whole
        statement.execute("set enable_seqscan = off");
      }
      return ready;
    }

    private void disconnect() {
      Connection old = connection;
      connection = null;
      if (old != null) {
        try {
          old.close();
        } catch (SQLException e) {
          LOG.debug("closing a connection: {}", LaneConnection.said(e));
        }
      }
    }
  }
}
