package io.tandem.protocol.media.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.tandem.protocol.media.socket.Precedence;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A media thread outlives what breaks in it, and says so when it cannot. */
class NativeLoopTest {
  @BeforeEach
  void on_linux() {
    assumeThat(Wire.NATIVE.available()).isTrue();
  }

  @Test
  void an_error_in_a_task_or_a_wait_does_not_end_the_thread() throws Exception {
    AtomicInteger waits = new AtomicInteger();
    Waits arrivals = new Waits(() -> fail(waits.incrementAndGet() % 2 == 0));
    NativeLoop loop = NativeLoop.start("media-test", Precedence.ORDINARY, arrivals);
    CountDownLatch ran = new CountDownLatch(1);
    loop.execute(() -> fail(true));
    loop.execute(ran::countDown);
    assertThat(ran.await(5, TimeUnit.SECONDS)).isTrue();
    while (waits.get() < 300) {
      Thread.onSpinWait();
    }
    assertThat(loop.thread().isAlive()).isTrue();
    loop.end();
    assertThat(loop.thread().join(java.time.Duration.ofSeconds(5))).isTrue();
  }

  @Test
  void a_thread_that_can_wait_no_more_ends_and_its_loops_are_not_alive() throws Exception {
    NativeLoops loops =
        new NativeLoops(
            1, Precedence.ORDINARY, () -> new Waits(() -> fail(true)), new SocketBudget(100));
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
    while (loops.areAlive() && System.nanoTime() - deadline < 0) {
      Thread.onSpinWait();
    }
    assertThat(loops.areAlive()).isFalse();
    loops.close();
  }

  @Test
  void loops_are_alive_until_they_are_closed() {
    for (Wire wire : Wire.values()) {
      if (wire.available()) {
        try (MediaLoops loops = wire.open(1, Precedence.ORDINARY)) {
          assertThat(loops.areAlive()).as("%s", wire).isTrue();
        }
      }
    }
  }

  @Test
  void auto_is_nettys_where_native_cannot_be_opened() {
    assertThat(Wire.best(wire -> wire != Wire.NATIVE)).isEqualTo(Wire.EPOLL);
    assertThat(Wire.best(wire -> wire == Wire.NIO)).isEqualTo(Wire.NIO);
    assertThat(Wire.best(wire -> true)).isEqualTo(Wire.NATIVE);
  }

  private static void fail(boolean now) {
    if (now) {
      throw new LinkageError("for the test");
    }
  }

  /** Arrivals of nothing, which may fail. */
  private record Waits(Runnable waiting) implements Arrivals {
    @Override
    public void add(NativeSocket socket) {}

    @Override
    public void wakeUp() {}

    @Override
    public void await(NativeLoop loop) {
      waiting.run();
    }

    @Override
    public boolean canBeRelieved() {
      return false;
    }

    @Override
    public boolean relieve(NativeLoop loop) {
      return false;
    }

    @Override
    public void forget(NativeSocket socket) {}

    @Override
    public void close() {}
  }
}
