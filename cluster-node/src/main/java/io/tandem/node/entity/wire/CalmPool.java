package io.tandem.node.entity.wire;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Threads for many small works, of which no more are woken than are needed: what comes while one is
 * awake waits for it, unless a crowd waits or nothing has been taken for a moment. To wake a thread
 * costs more than most of the works, and a fork-join pool wakes one more with almost each of them
 * as long as any sleeps.
 *
 * <p>The works are taken in the order they came. One that blocks keeps those behind it waiting for
 * some milliseconds, while any thread is left. Thread-safe.
 */
final class CalmPool extends AbstractExecutorService {

  private static final Logger LOG = LoggerFactory.getLogger(CalmPool.class);

  /** So many works wait for each thread that is awake before another is woken. */
  static final int CROWD = 12;

  private static final long STALLED_NANOS = TimeUnit.MICROSECONDS.toNanos(500);

  /** So often one of those that sleep looks whether all is well. */
  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  private final ConcurrentLinkedQueue<Runnable> waiting = new ConcurrentLinkedQueue<>();
  private final AtomicInteger waitingCount = new AtomicInteger();
  private final ConcurrentLinkedDeque<Worker> asleep = new ConcurrentLinkedDeque<>();
  private final AtomicInteger awake;
  private final AtomicInteger alive;
  private final List<Worker> workers = new ArrayList<>();
  private final LongSupplier nanos;
  private volatile long takenNanos;
  private volatile boolean shutdown;

  private CalmPool(ThreadFactory factory, int threads, LongSupplier nanos) {
    this.nanos = nanos;
    this.takenNanos = nanos.getAsLong();
    awake = new AtomicInteger(threads);
    alive = new AtomicInteger(threads);
    for (int i = 0; i < threads; i++) {
      workers.add(new Worker(factory));
    }
  }

  /**
   * Starts so many threads, at least one.
   *
   * @param nanos a clock that only goes on, {@code System::nanoTime}
   */
  static CalmPool start(ThreadFactory factory, int threads, LongSupplier nanos) {
    CalmPool pool = new CalmPool(factory, threads, nanos);
    pool.workers.forEach(worker -> worker.thread.start());
    return pool;
  }

  @Override
  public void execute(Runnable work) {
    if (shutdown) {
      throw new RejectedExecutionException("the pool is shut down");
    }
    waiting.add(work);
    int count = waitingCount.incrementAndGet();
    int running = awake.get(); // after the work is there: who falls asleep now will look again
    if (running == 0
        || count > running * CROWD
        || (running < workers.size() && nanos.getAsLong() - takenNanos > STALLED_NANOS)) {
      wake();
    }
  }

  /** How many of its threads are not asleep. */
  int awake() {
    return awake.get();
  }

  private void wake() {
    Worker next = asleep.pollFirst(); // the last that fell asleep: its memory is warm
    if (next != null) {
      awake.incrementAndGet();
      next.called = true;
      LockSupport.unpark(next.thread);
    }
  }

  /** One thread. */
  private final class Worker implements Runnable {
    private final Thread thread;
    private volatile boolean called;

    Worker(ThreadFactory factory) {
      this.thread = factory.newThread(this);
    }

    @Override
    public void run() {
      try {
        while (true) {
          Runnable work = waiting.poll();
          if (work != null) {
            waitingCount.decrementAndGet();
            takenNanos = nanos.getAsLong();
            perform(work);
          } else if (shutdown) {
            return;
          } else {
            sleep();
          }
        }
      } finally {
        alive.decrementAndGet();
      }
    }

    private void sleep() {
      called = false;
      asleep.addFirst(this);
      if (awake.decrementAndGet() == 0 && !waiting.isEmpty()) {
        wake(); // came while this one was lying down
      }
      while (!called && !shutdown) {
        LockSupport.parkNanos(CalmPool.this, LOOK_NANOS * workers.size());
        boolean stalled = !waiting.isEmpty() && nanos.getAsLong() - takenNanos > STALLED_NANOS;
        if (stalled && !called) {
          wake(); // somebody, this one or another
        }
      }
      if (!called && asleep.remove(this)) {
        awake.incrementAndGet();
      }
    }

    private void perform(Runnable work) {
      try {
        work.run();
      } catch (RuntimeException | Error e) {
        LOG.error("a work failed", e);
      }
      boolean unused = Thread.interrupted(); // none of them hands it to the next
    }
  }

  // ---- the end

  /** What has come is still done. */
  @Override
  public void shutdown() {
    shutdown = true;
    workers.forEach(worker -> LockSupport.unpark(worker.thread));
  }

  @Override
  public List<Runnable> shutdownNow() {
    List<Runnable> left = new ArrayList<>();
    for (Runnable each = waiting.poll(); each != null; each = waiting.poll()) {
      left.add(each);
    }
    shutdown();
    workers.forEach(worker -> worker.thread.interrupt());
    return left;
  }

  @Override
  public boolean isShutdown() {
    return shutdown;
  }

  @Override
  public boolean isTerminated() {
    return shutdown && alive.get() == 0;
  }

  @Override
  public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
    long until = System.nanoTime() + unit.toNanos(timeout);
    for (Worker worker : workers) {
      long left = TimeUnit.NANOSECONDS.toMillis(until - System.nanoTime());
      if (worker.thread != Thread.currentThread() && left > 0) {
        worker.thread.join(left);
      }
    }
    return isTerminated();
  }
}
