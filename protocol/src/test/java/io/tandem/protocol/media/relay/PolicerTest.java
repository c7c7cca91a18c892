package io.tandem.protocol.media.relay;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PolicerTest {
  private final Policer policer = new Policer(100, 10);
  private long now = Long.MAX_VALUE - 50_000_000L; // a monotonic clock may wrap

  @Test
  void a_stream_within_the_rate_passes_for_ever() {
    for (int i = 0; i < 1000; i++) {
      assertThat(policer.admits(now)).isTrue();
      now += 10_000_000L;
    }
  }

  @Test
  void a_burst_passes_up_to_its_size_and_the_rate_after_it() {
    assertThat(admittedOf(50)).isEqualTo(10);
    now += 30_000_000L;
    assertThat(admittedOf(50)).isEqualTo(3);
    now += 3_600_000_000_000L;
    assertThat(admittedOf(50)).isEqualTo(10);
  }

  private int admittedOf(int packets) {
    int admitted = 0;
    for (int i = 0; i < packets; i++) {
      admitted += policer.admits(now) ? 1 : 0;
    }
    return admitted;
  }
}
