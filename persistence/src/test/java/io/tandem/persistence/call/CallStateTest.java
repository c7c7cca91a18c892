package io.tandem.persistence.call;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.persistence.readmodel.CallIndexRow;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The fold of a call, and the row that is made of it. */
class CallStateTest {

  private final CallRows rows = new CallRows();

  private static CallState fold(CallEvent... events) {
    CallState state = CallState.fresh(CallSamples.CALL_ID);
    for (CallEvent event : events) {
      state = state.apply(event);
    }
    return state;
  }

  @Test
  void every_event_is_taken_in_every_phase() {
    for (CallState state : CallSamples.states()) {
      for (CallEvent event : CallSamples.events()) {
        assertThat(state.apply(event).callId()).isEqualTo(CallSamples.CALL_ID);
      }
    }
  }

  @Test
  void an_event_of_another_phase_changes_nothing() {
    CallState fresh = CallState.fresh(CallSamples.CALL_ID);
    assertThat(fresh.apply(CallSamples.ended())).isSameAs(fresh);
    CallState ended =
        fold(
            CallSamples.offered(CallSamples.plan(1)),
            CallSamples.connected("o1"),
            CallSamples.ended());
    assertThat(ended.apply(CallSamples.connected("o1"))).isSameAs(ended);
    assertThat(ended.apply(CallSamples.offered(CallSamples.plan()))).isSameAs(ended);
  }

  @Test
  void a_step_begins_anew_when_the_one_before_it_failed_and_not_when_an_offer_of_it_did() {
    CallEvent.Offered offered = CallSamples.offered(CallSamples.plan(2, 1));
    CallEvent.OffersFailed first =
        new CallEvent.OffersFailed(
            java.util.List.of(CallSamples.failure("o1", "DECLINED")),
            0,
            CallSamples.OFFERED_AT.plusSeconds(4));
    CallState.Routing one = (CallState.Routing) fold(offered, first);
    assertThat(one.stepSince()).isEqualTo(CallSamples.OFFERED_AT);
    assertThat(one.runningOffers()).extracting(Offer::offerId).containsExactly("o2");
    CallEvent.OffersFailed second =
        new CallEvent.OffersFailed(
            java.util.List.of(CallSamples.failure("o2", "DECLINED")),
            1,
            CallSamples.OFFERED_AT.plusSeconds(9));
    CallState.Routing two = (CallState.Routing) one.apply(second);
    assertThat(two.stepSince()).isEqualTo(second.at());
    assertThat(two.runningOffers()).extracting(Offer::offerId).containsExactly("o3");
    assertThat(two.begunOffers()).hasSize(3);
  }

  @Test
  void a_refreshed_leg_replaces_its_own_dialog_only() {
    LegDialog moved = CallSamples.dialog("sip-9");
    CallState.Connected call =
        (CallState.Connected)
            fold(
                CallSamples.offered(CallSamples.plan(1)),
                CallSamples.connected("o1"),
                new CallEvent.LegRefreshed(true, moved, true, CallSamples.BRIDGED_AT));
    assertThat(call.agentLeg()).isEqualTo(moved);
    assertThat(call.agentOnHold()).isTrue();
    assertThat(call.callerLeg()).isEqualTo(CallSamples.dialog("sip-1"));
    assertThat(call.callerOnHold()).isFalse();
  }

  @Test
  void the_row_follows_the_call_from_routing_to_its_charge() {
    CallEvent.Offered offered = CallSamples.offered(CallSamples.plan(1));
    assertThat(rows.rowOf(CallState.fresh("c"))).isEmpty();
    assertThat(rows.rowOf(fold(offered)))
        .hasValueSatisfying(
            row -> {
              assertThat(row.phase()).isEqualTo("ROUTING");
              assertThat(row.accountId()).isNull();
              assertThat(row.edge()).isEqualTo("edge-a@1763650000000");
            });
    Optional<CallIndexRow> connected = rows.rowOf(fold(offered, CallSamples.connected("o1")));
    assertThat(connected).hasValueSatisfying(row -> assertThat(row.agentId()).isEqualTo("agent_1"));
    CallIndexRow ended =
        rows.rowOf(
                fold(
                    offered,
                    CallSamples.connected("o1"),
                    CallSamples.qualified(),
                    CallSamples.ended()))
            .orElseThrow();
    assertThat(ended.billable()).isTrue();
    assertThat(ended.connected()).isEqualTo(Duration.ofSeconds(120));
    assertThat(ended.chargedMicros()).isEqualTo(25_000_000L);
    assertThat(ended.endReason()).isEqualTo("CALLER: NORMAL");
    assertThat(ended.accountId()).isEqualTo("acct_1");
  }

  @Test
  void what_is_kept_of_a_call_for_its_row_says_the_same_row_through_its_whole_life() {
    CallState whole = CallState.fresh(CallSamples.CALL_ID);
    CallState kept = whole;
    for (CallEvent event : CallSamples.events()) {
      whole = whole.apply(event);
      kept = rows.kept(kept.apply(event));
      assertThat(rows.rowOf(kept)).isEqualTo(rows.rowOf(whole));
      assertThat(kept).hasSameClassAs(whole);
    }
    assertThat(whole).isInstanceOf(CallState.Ended.class);
    assertThat(((CallState.Begun) whole).offered().trace()).isNotEqualTo(RoutingTrace.NONE);
    assertThat(((CallState.Begun) kept).offered().trace()).isEqualTo(RoutingTrace.NONE);
  }
}
