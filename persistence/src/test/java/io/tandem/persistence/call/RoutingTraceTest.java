package io.tandem.persistence.call;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What is said of each candidate comes out of the text as it went in. */
class RoutingTraceTest {

  @Test
  void lines_come_out_in_their_order() {
    List<TraceLine> lines =
        List.of(
            new TraceLine("agent_1", "acct_1", "CHOSEN", "o1: tier 1, 1.00 USD"),
            new TraceLine("agent_2", "acct_2", "OFFLINE", "not online"),
            new TraceLine("", "", "NOT_LISTED", "151 more candidates"),
            new TraceLine("agent_3", "", "NO_BID", ""));

    assertThat(RoutingTrace.of(lines).lines()).isEqualTo(lines);
    assertThat(RoutingTrace.of(List.of())).isEqualTo(RoutingTrace.NONE);
    assertThat(RoutingTrace.NONE.lines()).isEmpty();
  }

  @Test
  void tabs_and_line_ends_in_what_is_said_part_nothing() {
    TraceLine odd = new TraceLine("a\tb", "c\nd", "CHOSEN", "one\ttwo\r\nthree");

    assertThat(RoutingTrace.of(List.of(odd)).lines())
        .containsExactly(new TraceLine("a b", "c d", "CHOSEN", "one two  three"));
  }

  @Test
  void how_a_call_came_in_stands_before_the_candidates_and_is_none_of_them() {
    TraceLine line = new TraceLine("agent_1", "acct_1", "CHOSEN", "o1: tier 1");
    Arrival over = new Arrival("trunk_1", "TN-Validation-Failed", "", "stale | by\nan hour");
    RoutingTrace trace = RoutingTrace.of(List.of(line)).arrived(over);
    assertThat(trace.lines()).containsExactly(line);
    assertThat(trace.arrival())
        .contains(new Arrival("trunk_1", "TN-Validation-Failed", "", "stale | by an hour"));
    assertThat(RoutingTrace.NONE.arrived(over).arrival()).isPresent();
  }

  @Test
  void a_call_of_no_trunk_has_none() {
    assertThat(RoutingTrace.NONE.arrived(null)).isEqualTo(RoutingTrace.NONE);
    assertThat(RoutingTrace.NONE.arrival()).isEmpty();
    assertThat(new RoutingTrace("arrival|cut").arrival()).isEmpty();
    assertThat(new RoutingTrace("arrival|a|b\n").arrival()).isEmpty();
  }
}
