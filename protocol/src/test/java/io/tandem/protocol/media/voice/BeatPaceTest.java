package io.tandem.protocol.media.voice;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** When a thread of voices is late, and when it has too many. */
class BeatPaceTest {
  private static final long MILLI = 1_000_000L;

  private final BeatPace pace = new BeatPace();

  @Test
  void a_pause_makes_beats_late_and_is_no_overload_once_they_are_made_good() {
    for (int beat = 0; beat < 10; beat++) {
      assertThat(pace.begins(beat * 20 * MILLI + (beat % 2) * 15 * MILLI)).isFalse();
    }
    long after = 3_000 * MILLI;
    int late = 0;
    for (int beat = 10; beat < 151; beat++) {
      late += pace.begins(after) ? 1 : 0;
      assertThat(pace.isOverloaded(after)).isFalse();
      after += MILLI / 10;
    }
    assertThat(late).isBetween(130, 145);
    assertThat(pace.begins(151 * 20 * MILLI)).isFalse();
  }

  @Test
  void beats_that_each_take_too_long_are_an_overload_after_a_second() {
    long now = 0;
    while (!pace.isOverloaded(now)) {
      assertThat(now).isLessThan(2_000 * MILLI);
      now += 25 * MILLI;
      boolean unused = pace.begins(now);
    }
    assertThat(now).isGreaterThan(1_000 * MILLI);
  }
}
