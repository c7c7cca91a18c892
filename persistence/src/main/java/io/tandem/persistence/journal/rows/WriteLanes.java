package io.tandem.persistence.journal.rows;

import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes writes of many entities to the database in few transactions. What arrives while a lane is
 * storing waits and is stored together; where that is a crowd, another lane takes it at once. A
 * lane that is alone takes what there is at once, or after a moment in which more is likely to
 * come.
 *
 * <p>No write is turned away because others wait: an entity hands over its next write after the one
 * before, so what waits is bounded by the entities that are loaded, and each of them holds its own
 * commands back meanwhile.
 *
 * <p>When a connection fails, its transaction and all that waits fail at once (whoever waits learns
 * soon), and the next write tries to connect again. Thread-safe.
 */
public final class WriteLanes<R> implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(WriteLanes.class);
  private static final long STOP_MILLIS = 15_000;

  /** Rows that are stored together or not at all. */
  record Write<R>(List<R> rows, long bytes, Consumer<Stored> outcome) {

    void tell(Stored stored) {
      try {
        outcome.accept(stored);
      } catch (RuntimeException e) {
        LOG.error("whoever waited for a write failed on its outcome", e);
      }
    }
  }

  private final RowStore<R> store;
  private final LaneSettings settings;
  private final List<Thread> lanes = new ArrayList<>();

  /**
   * Counts failed connections: a lane whose connection is older than the last one makes it anew.
   */
  private final AtomicLong failures = new AtomicLong();

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition arrived = lock.newCondition();
  private final ArrayDeque<Write<R>> waiting = new ArrayDeque<>();
  private int waitingRows;
  private long waitingBytes;
  private boolean collecting;
  private int storing;
  private final Company company = new Company(System.nanoTime());
  private boolean closed;

  private WriteLanes(RowStore<R> store, LaneSettings settings) {
    this.store = store;
    this.settings = settings;
  }

  /** Starts the lanes; each connects when it has something to write. */
  public static <R> WriteLanes<R> start(String name, RowStore<R> store, LaneSettings settings) {
    WriteLanes<R> lanes = new WriteLanes<>(store, settings);
    for (int i = 1; i <= settings.lanes(); i++) {
      Lane<R> lane = new Lane<>(lanes, store, settings.database(), lanes.failures);
      lanes.lanes.add(Thread.ofPlatform().daemon().name(name + "-" + i).unstarted(lane));
    }
    lanes.lanes.forEach(Thread::start);
    return lanes;
  }

  /**
   * Stores rows together or not at all. Returns at once.
   *
   * @param rows in the order of their sequence; kept, not copied
   * @param outcome called once, on another thread or on this one; must not block
   */
  public void write(List<R> rows, Consumer<Stored> outcome) {
    long bytes = 0;
    for (R row : rows) {
      bytes += store.bytes(row);
    }
    Write<R> write = new Write<>(rows, bytes, outcome);
    if (bytes > settings.bytesMax()) {
      write.tell(
          new Stored.Refused(
              new SQLException(
                  "%d bytes in one write, more than %d".formatted(bytes, settings.bytesMax()))));
      return;
    }
    lock.lock();
    try {
      if (!closed) {
        waiting.add(write);
        waitingRows += rows.size();
        waitingBytes += bytes;
        company.arrived(System.nanoTime());
        if (collecting) {
          if (isCrowd()) {
            arrived.signalAll(); // one of them is whoever collects
          }
        } else if (worthALane()) {
          arrived.signal();
        }
        return;
      }
    } finally {
      lock.unlock();
    }
    write.tell(new Stored.Failed(new SQLException("the journal is closed")));
  }

  /** The next writes to store together; empty when this has been closed and nothing waits. */
  List<Write<R>> take() throws InterruptedException {
    lock.lock();
    try {
      do { // again where a connection failed meanwhile, and all that waited with it
        while (collecting || !worthALane()) {
          if (closed && waiting.isEmpty()) {
            return List.of();
          }
          arrived.await();
        }
        linger();
      } while (waiting.isEmpty());
      List<Write<R>> taken = new ArrayList<>(Math.min(waiting.size(), settings.rowsMax()));
      int rows = 0;
      long bytes = 0;
      for (Write<R> next = waiting.peek(); next != null; next = waiting.peek()) {
        boolean fits =
            rows + next.rows().size() <= settings.rowsMax()
                && bytes + next.bytes() <= settings.bytesMax();
        if (!fits && !taken.isEmpty()) {
          break;
        }
        taken.add(waiting.remove());
        rows += next.rows().size();
        bytes += next.bytes();
      }
      waitingRows -= rows;
      waitingBytes -= bytes;
      storing++;
      return taken;
    } finally {
      if (worthALane()) {
        arrived.signal(); // for another lane
      }
      lock.unlock();
    }
  }

  /** The writes that were taken have ended, whichever way. */
  void ended() {
    lock.lock();
    try {
      storing--;
      if (closed) {
        arrived.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Whether what waits is to be taken now: by the first lane at once, by the others when so much
   * waits that a transaction of its own costs little. What is less is stored with all that arrives
   * until the lane that is storing has done so: fewer commits, and nobody waits longer than one.
   */
  private boolean worthALane() {
    return !waiting.isEmpty() && (storing == 0 || isCrowd());
  }

  /** So much that a transaction of its own costs little. */
  private boolean isCrowd() {
    return waitingRows >= settings.crowdRows() || isFull();
  }

  /**
   * Waits for company, while the other lanes leave what arrives to this one, until it is a crowd;
   * not where nobody is likely to come, for then it is delay and nothing else.
   */
  private void linger() throws InterruptedException {
    long left = settings.linger().toNanos();
    if (isCrowd() || !company.isLikely(left, System.nanoTime())) {
      return;
    }
    int alone = waiting.size();
    collecting = true;
    try {
      while (left > 0 && !closed && !isCrowd()) {
        left = arrived.awaitNanos(left);
      }
    } finally {
      collecting = false;
    }
    company.came(waiting.size() - alone);
  }

  private boolean isFull() {
    return waitingRows >= settings.rowsMax() || waitingBytes >= settings.bytesMax();
  }

  /** The database is not there: nobody is left waiting for it. */
  void failWaiting(Exception cause) {
    List<Write<R>> all;
    lock.lock();
    try {
      all = new ArrayList<>(waiting);
      waiting.clear();
      waitingRows = 0;
      waitingBytes = 0;
    } finally {
      lock.unlock();
    }
    all.forEach(write -> write.tell(new Stored.Failed(cause)));
  }

  /** Rows that wait for a lane just now; for the operator. */
  public int waitingRows() {
    lock.lock();
    try {
      return waitingRows;
    } finally {
      lock.unlock();
    }
  }

  /** Stores what waits and ends the lanes. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      arrived.signalAll();
    } finally {
      lock.unlock();
    }
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
}
