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
}
