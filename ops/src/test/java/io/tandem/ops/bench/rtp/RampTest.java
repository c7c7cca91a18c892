package io.tandem.ops.bench.rtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class RampTest {
  @Test
  void the_next_number_of_calls_follows_from_what_a_call_cost() {
    assertThat(Ramp.next(40, row(500, 0.30), 2900)).isEqualTo(665);
    assertThat(Ramp.next(80, row(500, 0.32), 2900)).isEqualTo(1250);
    assertThat(Ramp.next(80, row(500, 0.01), 2900))
        .as("as many as there are ports")
        .isEqualTo(2900);
    assertThat(Ramp.next(40, row(500, 0), 2900)).as("too little to be measured").isEqualTo(2900);
  }

  @Test
  void a_share_is_reached_within_six_per_cent_of_it() {
    assertThat(Ramp.near(40, row(600, 0.42))).isTrue();
    assertThat(Ramp.near(40, row(600, 0.43))).isFalse();
    assertThat(Ramp.near(80, row(1200, 0.76))).isTrue();
  }

  @Test
  void everybodys_time_is_user_nice_and_system_of_all_cpus_and_the_hosts_is_what_it_stole()
      throws IOException {
    assertThat(Others.busy("cpu  100 20 30 99999 5 6 7 8 0 0")).hasMillis(1500);
    assertThat(Others.stolen("cpu  100 20 30 99999 5 6 7 8 0 0")).hasMillis(80);
    assertThatThrownBy(() -> Others.busy("cpu0 1 2 3 4")).isInstanceOf(IOException.class);
  }

  @Test
  void the_verdict_names_what_was_missed() {
    assertThat(row(600, 0.4).atLoad(40)).contains("600 calls", "lost is met", "1 ms is MISSED");
  }

  private static Row row(int calls, double cores) {
    return new Row(
        Contender.NATIVE,
        calls,
        6,
        cores,
        OptionalDouble.empty(),
        1000,
        0,
        100,
        1000,
        2000,
        0,
        0,
        0);
  }
}
