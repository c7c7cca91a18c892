package io.tandem.persistence.call;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class RoutingTraceTest {
  private static final TraceLine LINE = new TraceLine("agent_1", "acct_1", "CHOSEN", "o1: tier 1");

  @Test
  void how_a_call_came_in_stands_before_the_candidates_and_is_none_of_them() {
    Arrival over = new Arrival("trunk_1", "TN-Validation-Failed", "", "stale | by\nan hour");
    RoutingTrace trace = RoutingTrace.of(List.of(LINE)).arrived(over);
    assertThat(trace.lines()).containsExactly(LINE);
    assertThat(trace.arrival())
        .contains(new Arrival("trunk_1", "TN-Validation-Failed", "", "stale | by an hour"));
    assertThat(RoutingTrace.NONE.arrived(over).arrival()).isPresent();
  }

  @Test
  void a_call_of_no_trunk_has_none() {
    RoutingTrace trace = RoutingTrace.of(List.of(LINE)).arrived(null);
    assertThat(trace).isEqualTo(RoutingTrace.of(List.of(LINE)));
    assertThat(trace.arrival()).isEmpty();
    assertThat(new RoutingTrace("arrival|cut").arrival()).isEmpty();
    assertThat(new RoutingTrace("arrival|a|b\n").arrival()).isEmpty();
  }
}
