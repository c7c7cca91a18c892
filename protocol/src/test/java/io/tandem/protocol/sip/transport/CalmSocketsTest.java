package io.tandem.protocol.sip.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoRegistration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** With a clock in the test's hand and sockets that only count how often they are looked at. */
class CalmSocketsTest {
  private static final long BEAT = CalmSockets.BEAT_NANOS;

  private final List<Long> rests = new ArrayList<>();
  private long now = Long.MAX_VALUE - BEAT / 2; // a monotonic clock may wrap
  private int looks;
  private boolean idle = true;
  private final CalmSockets sockets = new CalmSockets(new Sockets(), () -> now, this::rest);

  private void rest(long nanos) {
    rests.add(nanos);
    now += nanos;
  }

  @Test
  void what_comes_after_a_pause_is_read_at_once() {
    run();
    now += BEAT;
    run();
    assertThat(rests).isEmpty();
    assertThat(looks).isEqualTo(2);
  }

  @Test
  void what_comes_right_after_something_else_is_read_with_the_next_beat() {
    run();
    now += BEAT / 3;
    run();
    assertThat(rests).containsExactly(BEAT - BEAT / 3);
    assertThat(looks).isEqualTo(2);
  }

  @Test
  void nobody_rests_for_less_than_half_a_beat() {
    run();
    now += BEAT / 2;
    run();
    assertThat(rests).isEmpty();
  }

  @Test
  void a_loop_that_has_work_never_rests() {
    run();
    idle = false;
    run();
    assertThat(rests).isEmpty();
    assertThat(looks).isEqualTo(2);
  }

  private void run() {
    sockets.run(
        new IoHandlerContext() {
          @Override
          public boolean canBlock() {
            return idle;
          }

          @Override
          public long delayNanos(long currentTimeNanos) {
            return 0;
          }

          @Override
          public long deadlineNanos() {
            return -1;
          }
        });
  }

  private final class Sockets implements IoHandler {
    @Override
    public int run(IoHandlerContext loop) {
      looks++;
      return 1;
    }

    @Override
    public IoRegistration register(IoHandle handle) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void wakeup() {}

    @Override
    public boolean isCompatible(Class<? extends IoHandle> type) {
      return true;
    }
  }
}
