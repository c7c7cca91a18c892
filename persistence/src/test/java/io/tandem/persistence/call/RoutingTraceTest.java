package io.tandem.persistence.call;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.persistence.journal.TimedId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** What is said of each candidate comes out of the text as it went in. */
class RoutingTraceTest {
  private static final Instant AT = Instant.parse("2026-11-23T10:00:00Z");

  /** Of what texts are put together that might confuse a packer. */
  private static final List<String> ODD =
      List.of(
          "agent_",
          "a",
          "0",
          "00",
          "7",
          "8",
          "9",
          "99",
          "1000000000",
          "99999999999999999999",
          "+",
          "!",
          "A",
          "B",
          ",",
          ".",
          "|",
          "arrival|",
          " ",
          "of",
          "é",
          "٣",
          "-");

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
  void lines_that_are_written_out_are_read_as_they_were() {
    RoutingTrace old =
        new RoutingTrace(
            "arrival|trunk_1|No-TN-Validation||\na1\tc1\tCHOSEN\to1: tier 1\na2\t\tNO_BID\t\n");

    assertThat(old.lines())
        .containsExactly(
            new TraceLine("a1", "c1", "CHOSEN", "o1: tier 1"),
            new TraceLine("a2", "", "NO_BID", ""));
    assertThat(old.arrival()).isPresent();
  }

  @Test
  void a_packed_trace_is_written_and_read_as_it_always_was() {
    String packed =
        """
        0agent_1\t0acct_1\t!1,1,25,00\037CHOSEN\037o0: tier 0, 0.0 USD
        62\t52\t!2,1,25,00,9\037OUTRANKED\037rank 0; tier 0, 0.0 USD, idle 0 s
        63\t61\tB+,,,,8
        74\t7\tB+
        69\t0\t!\037NO_BID\037
        """;
    List<TraceLine> lines =
        List.of(
            new TraceLine("agent_1", "acct_1", "CHOSEN", "o1: tier 1, 25.00 USD"),
            new TraceLine("agent_2", "acct_2", "OUTRANKED", "rank 2; tier 1, 25.00 USD, idle 9 s"),
            new TraceLine("agent_3", "acct_21", "OUTRANKED", "rank 3; tier 1, 25.00 USD, idle 8 s"),
            new TraceLine(
                "agent_34", "acct_21", "OUTRANKED", "rank 4; tier 1, 25.00 USD, idle 8 s"),
            new TraceLine("agent_9", "", "NO_BID", ""));

    assertThat(RoutingTrace.of(lines).text()).isEqualTo(packed);
    assertThat(new RoutingTrace(packed).lines()).isEqualTo(lines);
  }

  @Test
  void a_hundred_candidates_take_few_bytes() {
    List<TraceLine> lines = new ArrayList<>();
    for (int rank = 1; rank <= 100; rank++) {
      lines.add(
          new TraceLine(
              TimedId.at("agent", AT.plusSeconds(rank)),
              TimedId.at("acct", AT.plusSeconds(rank)),
              "OUTRANKED",
              "rank %d of 100, tries 3; tier 1, 25.00 USD, idle %d s, weight 100"
                  .formatted(rank, 2_000 - 17 * rank)));
    }
    RoutingTrace trace = RoutingTrace.of(lines);

    assertThat(trace.lines()).isEqualTo(lines);
    assertThat(trace.text().length()).isLessThan(6_000); // 13,700 where they are written out
  }

  @Test
  void whatever_is_said_comes_out_again() {
    long seed = new SplittableRandom().nextLong();
    RandomGenerator random = new SplittableRandom(seed);
    for (int round = 0; round < 300; round++) {
      List<TraceLine> lines = new ArrayList<>();
      for (int i = random.nextInt(150); i > 0; i--) {
        lines.add(new TraceLine(odd(random, 6), odd(random, 6), odd(random, 1), odd(random, 4)));
      }

      assertThat(RoutingTrace.of(lines).lines()).as("seed %d", seed).isEqualTo(lines);
    }
  }

  private static String odd(RandomGenerator random, int parts) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(parts + 1); i > 0; i--) {
      text.append(ODD.get(random.nextInt(ODD.size())));
    }
    return text.toString();
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
