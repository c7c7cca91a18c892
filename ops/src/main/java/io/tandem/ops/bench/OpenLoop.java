package io.tandem.ops.bench;

import io.tandem.ops.bench.ClosedLoop.Client;
import io.tandem.ops.bench.ClosedLoop.Measured;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Requests at a given rate, whether or not the ones before are answered. Each is timed from the
 * moment at which it was due: a stall delays all that were due in it, and all of them count.
 */
final class OpenLoop {

  /** More than this unanswered is no load but a queue. */
  private static final int OPEN_MAX = 100_000;

  private static final long PAUSE_NANOS = 200_000;

  private OpenLoop() {}

  /**
   * Runs it; returns when every answer is there.
   *
   * @throws IllegalStateException when a request failed, or a hundred thousand were unanswered
   */
  static Measured run(int perSecond, int warmUpSeconds, int measureSeconds, Client client) {
    int warm = perSecond * warmUpSeconds;
    int all = warm + perSecond * measureSeconds;
    long[] micros = new long[all];
    Semaphore open = new Semaphore(OPEN_MAX);
    AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    long begin = System.nanoTime();
    Duration before = CpuSpent.now();
    for (int next = 0; next < all && failure.get() == null; ) {
      long elapsed = System.nanoTime() - begin;
      long due = Math.min(all, elapsed * perSecond / 1_000_000_000L);
      if (next == due) {
        LockSupport.parkNanos(PAUSE_NANOS);
      }
      for (; next < due; next++) {
        if (next == warm) {
          before = CpuSpent.now();
        }
        int number = next;
        if (!open.tryAcquire()) {
          throw new IllegalStateException(OPEN_MAX + " unanswered: the rate is too high");
        }
        CompletionStage<Boolean> unused =
            client
                .request(number, number)
                .handle(
                    (answer, failed) -> {
                      if (failed != null) {
                        failure.compareAndSet(null, failed);
                      }
                      long at = begin + number * 1_000_000_000L / perSecond;
                      micros[number] = (System.nanoTime() - at) / 1_000;
                      open.release();
                      return true;
                    });
      }
    }
    Duration cpu = CpuSpent.now().minus(before);
    open.acquireUninterruptibly(OPEN_MAX);
    Throwable failed = failure.get();
    if (failed != null) {
      throw new IllegalStateException("a request failed: " + failed.getMessage(), failed);
    }
    long[] measured = Arrays.copyOfRange(micros, warm, all);
    Arrays.sort(measured);
    int count = measured.length;
    return new Measured(
        count,
        all,
        perSecond,
        measured[count / 2],
        measured[(int) (count * 99L / 100)],
        cpu.toNanos() / 1_000 / count);
  }
}
