package io.tandem.ops.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Clients that each have one request in flight: the next one goes out when the answer is there.
 * Answers within the measured time count, each with how long it took.
 */
final class ClosedLoop {

  /** One client's requests; {@code number} counts from 0. */
  @FunctionalInterface
  interface Client {
    CompletionStage<?> request(int client, long number);
  }

  /**
   * What came of it.
   *
   * @param answers within the measured time
   * @param all answers in all, warm-up included
   * @param p50Micros half of the answers took no longer
   * @param p99Micros ninety-nine of a hundred took no longer
   * @param cpuMicros of CPU an answer, clients and database included
   */
  record Measured(
      long answers, long all, long perSecond, long p50Micros, long p99Micros, long cpuMicros) {}

  private final Client client;
  private final long measureFromNanos;
  private final long endNanos;
  private final List<Lane> lanes = new ArrayList<>();
  private final AtomicInteger running = new AtomicInteger();
  private final CompletableFuture<Boolean> ended = new CompletableFuture<>();
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

  private ClosedLoop(Client client, long warmUpNanos, long measureNanos) {
    this.client = client;
    this.measureFromNanos = System.nanoTime() + warmUpNanos;
    this.endNanos = measureFromNanos + measureNanos;
  }

  /**
   * Runs the clients; returns when every answer is there.
   *
   * @throws IllegalStateException when a request failed: then there is nothing to report
   */
  static Measured run(int clients, int warmUpSeconds, int measureSeconds, Client client) {
    ClosedLoop loop =
        new ClosedLoop(client, warmUpSeconds * 1_000_000_000L, measureSeconds * 1_000_000_000L);
    loop.running.set(clients);
    for (int i = 0; i < clients; i++) {
      loop.lanes.add(loop.new Lane(i));
    }
    CompletableFuture<Duration> cpu =
        CompletableFuture.supplyAsync(loop::cpuMeanwhile, Thread::startVirtualThread);
    loop.lanes.forEach(Lane::next);
    loop.ended.join();
    Throwable failed = loop.failure.get();
    if (failed != null) {
      throw new IllegalStateException("a request failed: " + failed.getMessage(), failed);
    }
    return loop.measured(measureSeconds, cpu.join());
  }

  private Duration cpuMeanwhile() {
    parkUntil(measureFromNanos);
    Duration before = CpuSpent.now();
    parkUntil(endNanos);
    return CpuSpent.now().minus(before);
  }

  /** Waits until {@code System.nanoTime()} is there. */
  static void parkUntil(long nanos) {
    for (long left = nanos - System.nanoTime(); left > 0; left = nanos - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }

  private Measured measured(int seconds, Duration cpu) {
    long all = lanes.stream().mapToLong(lane -> lane.number).sum();
    long[] micros =
        lanes.stream().flatMapToLong(lane -> Arrays.stream(lane.micros, 0, lane.count)).toArray();
    Arrays.sort(micros);
    long count = micros.length;
    return new Measured(
        count,
        all,
        count / seconds,
        count == 0 ? 0 : micros[(int) (count / 2)],
        count == 0 ? 0 : micros[(int) (count * 99 / 100)],
        count == 0 ? 0 : cpu.toNanos() / 1_000 / count);
  }

  /** One client; touched by whichever thread has its one answer. */
  private final class Lane {
    private final int client;
    private long number;
    private long[] micros = new long[16_384];
    private int count;

    Lane(int client) {
      this.client = client;
    }

    void next() {
      long sent = System.nanoTime();
      if (sent >= endNanos || failure.get() != null) {
        end();
        return;
      }
      CompletionStage<Boolean> unused =
          ClosedLoop.this
              .client
              .request(client, number)
              .handle(
                  (answer, failed) -> {
                    answered(sent, failed);
                    return true;
                  });
    }

    private void answered(long sent, @Nullable Throwable failed) {
      long now = System.nanoTime();
      if (failed != null) {
        failure.compareAndSet(null, failed);
      }
      number++;
      if (now >= measureFromNanos && now < endNanos) {
        if (count == micros.length) {
          micros = Arrays.copyOf(micros, count * 2);
        }
        micros[count++] = (now - sent) / 1_000;
      }
      next();
    }

    private void end() {
      if (running.decrementAndGet() == 0) {
        ended.complete(true);
      }
    }
  }
}
