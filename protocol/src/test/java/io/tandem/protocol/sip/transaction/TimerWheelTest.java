package io.tandem.protocol.sip.transaction;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.protocol.sip.sim.VirtualLoop;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TimerWheelTest {

  private final VirtualLoop loop = new VirtualLoop();
  private final TimerWheel wheel = new TimerWheel(loop);
  private final List<Long> fired = new ArrayList<>();

  @Test
  void a_timer_fires_at_most_two_ticks_late_a_long_one_twelve_and_never_early() {
    Random random = new Random(1);
    Map<Integer, Long> due = new HashMap<>();
    Map<Integer, Long> most = new HashMap<>();
    Map<Integer, Long> ran = new HashMap<>();
    for (int i = 0; i < 5_000; i++) {
      int timer = i;
      long delay = random.nextInt(random.nextBoolean() ? 100_000 : TimerWheel.LONG_MS);
      most.put(timer, delay < TimerWheel.LONG_MS ? 20L : 120L);
      due.put(timer, loop.nowMs() + delay);
      wheel.start(delay, () -> ran.put(timer, loop.nowMs()));
      loop.advanceMs(random.nextInt(7));
    }
    loop.advanceMs(100_000);

    assertThat(ran).hasSize(5_000);
    ran.forEach(
        (timer, at) ->
            assertThat(at - due.get(timer)).as("timer %d", timer).isBetween(0L, most.get(timer)));
    assertThat(wheel.live()).isZero();
  }

  @Test
  void a_cancelled_timer_never_fires_and_can_be_cancelled_again() {
    TimerWheel.Entry first = wheel.start(100, this::fire);
    TimerWheel.Entry second = wheel.start(100, this::fire);
    TimerWheel.Entry third = wheel.start(100, this::fire);
    wheel.cancel(second);
    wheel.cancel(second);
    wheel.cancel(third);
    loop.advanceMs(1_000);
    wheel.cancel(first);

    assertThat(fired).hasSize(1);
    assertThat(wheel.live()).isZero();
  }

  @Test
  void a_task_may_start_and_cancel_timers_of_its_own_tick() {
    List<TimerWheel.Entry> later = new ArrayList<>();
    wheel.start(100, () -> wheel.cancel(later.getFirst()));
    later.add(wheel.start(100, this::fire));
    // the last one started is the first one looked at
    wheel.start(100, () -> wheel.start(50, this::fire));
    loop.advanceMs(1_000);

    assertThat(wheel.live()).isZero();
    assertThat(fired.getLast()).isBetween(150L, 180L);
  }

  @Test
  void a_task_that_throws_does_not_stop_the_others() {
    wheel.start(100, this::fire);
    wheel.start(
        100,
        () -> {
          throw new IllegalStateException("a mistake of a user");
        });
    wheel.start(200, this::fire);
    loop.advanceMs(1_000);

    assertThat(fired).hasSize(2);
  }

  @Test
  void a_timer_longer_than_a_turn_of_the_wheel_waits_for_its_turn() {
    wheel.start(100_000, this::fire);
    loop.advanceMs(99_999);
    assertThat(fired).isEmpty();
    loop.advanceMs(21);
    assertThat(fired).hasSize(1);
  }

  @Test
  void an_idle_wheel_stands_still_and_starts_again() {
    wheel.start(10, this::fire);
    loop.advanceMs(1_000_000);
    wheel.start(10, this::fire);
    loop.advanceMs(30);
    assertThat(fired).hasSize(2);
  }

  private void fire() {
    fired.add(loop.nowMs());
  }
}
