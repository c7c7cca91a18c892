package io.tandem.node.dispute;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.persistence.agent.Licence;
import io.tandem.persistence.call.CallEvent;
import io.tandem.persistence.call.CallEvent.EndedBy;
import io.tandem.persistence.call.CallState;
import io.tandem.persistence.call.CallerState;
import io.tandem.persistence.call.EdgeRef;
import io.tandem.persistence.call.LegDialog;
import io.tandem.persistence.call.MediaFacts;
import io.tandem.persistence.call.ProofOfLife;
import io.tandem.persistence.call.RingPlan;
import io.tandem.persistence.call.RoutingTrace;
import io.tandem.persistence.dispute.DisputeGround;
import io.tandem.persistence.journal.DataClass;
import io.tandem.persistence.journal.Personal;
import io.tandem.persistence.money.Money;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.pcollections.TreePVector;

class FindingTest {
  private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");
  private static final LocalDate DAY = LocalDate.of(2026, 11, 23);
  private static final Licence LICENCE = new Licence("NY", "health", "L-1", DAY);
  private static final EdgeRef EDGE = new EdgeRef("edge-1", 1);
  private static final LegDialog CALLER_LEG =
      new LegDialog(
          "c", "l", "r", text(), text(), text(), List.of(), 1, 1, false, "UDP", text(), text());
  private static final MediaFacts GOOD = media(9_999, 5_000, 499);

  @Test
  void a_good_call_of_a_licensed_agent_proves_nothing() {
    assertThat(Finding.of(call("NY", GOOD, null), "health", LICENCE, DAY)).isEmpty();
  }

  @Test
  void ten_seconds_of_one_way_audio_are_a_technical_failure() {
    assertThat(Finding.of(call("NY", media(10_000, 5_000, 0), null), "health", LICENCE, DAY))
        .containsExactly(
            new Finding(
                DisputeGround.TECHNICAL_FAILURE,
                "for 10000 ms one side sent and nothing came of the other"));
  }

  @Test
  void so_are_ten_of_a_hundred_packets_lost_unless_there_were_hardly_any() {
    assertThat(grounds(call("NY", media(0, 4_500, 500), null)))
        .containsExactly(DisputeGround.TECHNICAL_FAILURE);
    assertThat(grounds(call("NY", media(0, 4_501, 500), null))).isEmpty();
    assertThat(grounds(call("NY", media(0, 20, 20), null))).isEmpty();
  }

  @Test
  void so_is_a_call_whose_node_died_of_which_nothing_was_measured() {
    ProofOfLife proof = new ProofOfLife(EDGE, NOON, NOON);

    assertThat(grounds(call("NY", null, proof))).containsExactly(DisputeGround.TECHNICAL_FAILURE);
    assertThat(grounds(call("NY", null, null))).isEmpty();
  }

  @Test
  void no_licence_or_one_that_expired_the_day_before_is_proof_where_the_state_is_known() {
    CallState.Ended call = call("NY", GOOD, null);

    assertThat(Finding.of(call, "health", null, DAY))
        .containsExactly(
            new Finding(DisputeGround.UNLICENSED_STATE, "no licence for health in NY was on file"));
    assertThat(Finding.of(call, "health", LICENCE, DAY.plusDays(1)))
        .extracting(Finding::ground)
        .containsExactly(DisputeGround.UNLICENSED_STATE);
    assertThat(Finding.of(call("", GOOD, null), "health", null, DAY)).isEmpty();
  }

  private static Personal<String> text() {
    return Personal.of("person:1", DataClass.CALL_NUMBER, "x");
  }

  private static List<DisputeGround> grounds(CallState.Ended call) {
    return Finding.of(call, "health", LICENCE, DAY).stream().map(Finding::ground).toList();
  }

  private static MediaFacts media(long oneWayMillis, long packets, long lost) {
    return new MediaFacts(
        new MediaFacts.OfSide(packets, lost, 1_000, 400, 0, 0),
        new MediaFacts.OfSide(5_000, 0, 1_000, 400, 0, 0),
        oneWayMillis,
        0);
  }

  private static CallState.Ended call(
      String state, @Nullable MediaFacts media, @Nullable ProofOfLife proof) {
    CallEvent.Offered offered =
        new CallEvent.Offered(
            "camp_1",
            "acct_2",
            Personal.of("person:1", DataClass.CALL_NUMBER, "12125550147"),
            "blind",
            new CallerState(
                state,
                state.isEmpty() ? CallerState.Source.UNKNOWN : CallerState.Source.NUMBER_AREA),
            "18005550100",
            false,
            EDGE,
            CALLER_LEG,
            new RingPlan(List.of(), 18_000),
            RoutingTrace.NONE,
            NOON);
    return new CallState.Ended(
        "call_1",
        offered,
        0,
        TreePVector.empty(),
        null,
        null,
        null,
        new CallEvent.Ended(
            EndedBy.CALLER,
            "NORMAL",
            100_000,
            true,
            Money.ofUnits(25, "USD"),
            proof,
            NOON.plusSeconds(100),
            media),
        null);
  }
}
