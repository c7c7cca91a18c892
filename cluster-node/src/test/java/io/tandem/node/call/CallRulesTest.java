package io.tandem.node.call;

import static io.tandem.persistence.call.CallSamples.BRIDGED_AT;
import static io.tandem.persistence.call.CallSamples.CALL_ID;
import static io.tandem.persistence.call.CallSamples.OFFERED_AT;
import static io.tandem.persistence.call.CallSamples.PRICE;
import static io.tandem.persistence.call.CallSamples.TIMER_MILLIS;
import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.node.agent.AgentReply;
import io.tandem.node.campaign.CampaignReply;
import io.tandem.node.entity.Acks;
import io.tandem.node.entity.Decision;
import io.tandem.node.entity.Effect;
import io.tandem.node.entity.Reply;
import io.tandem.node.wallet.WalletReply;
import io.tandem.persistence.call.CallEvent;
import io.tandem.persistence.call.CallEvent.EndedBy;
import io.tandem.persistence.call.CallSamples;
import io.tandem.persistence.call.CallState;
import io.tandem.persistence.call.EdgeRef;
import io.tandem.persistence.call.OfferFailure;
import io.tandem.persistence.call.ProofOfLife;
import io.tandem.persistence.call.RingPlan;
import io.tandem.persistence.money.Money;
import io.tandem.persistence.wallet.Balances;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a call decides, and what it then wants of others. */
class CallRulesTest {

  private final CallRules rules = new CallRules(CallSettings.DEFAULT);
  private CallState state = CallState.fresh(CALL_ID);
  private Instant now = OFFERED_AT;

  private CallReply tell(CallCommand command) {
    Decision<CallEvent, CallReply> decision = rules.decide(state, command, now);
    for (CallEvent event : decision.events()) {
      state = state.apply(event);
    }
    return decision.reply();
  }

  private static CallCommand.Offer offer(RingPlan plan) {
    CallEvent.Offered o = CallSamples.offered(plan);
    return new CallCommand.Offer(
        o.campaignId(),
        o.campaignAccountId(),
        o.caller(),
        o.callerBlind(),
        o.callerState(),
        o.calledNumber(),
        o.capped(),
        o.edge(),
        o.callerLeg(),
        plan,
        o.trace());
  }

  private static CallCommand.Bridged bridged(String offerId) {
    CallEvent.Connected c = CallSamples.connected(offerId);
    return new CallCommand.Bridged(offerId, c.callerLeg(), c.agentLeg(), List.of(), c.at());
  }

  private static CallCommand.PhoneFailed phoneFailed(String offerId, String reason) {
    return new CallCommand.PhoneFailed(
        CallSamples.failure(offerId, reason), OFFERED_AT.plusSeconds(18));
  }

  /** What is outstanding, ids without the call's. */
  private List<String> outstanding(String... acknowledged) {
    Acks acks = Acks.NONE;
    for (String id : acknowledged) {
      acks = acks.with(CALL_ID + "/" + id);
    }
    return rules.resume(state, acks, now).stream()
        .map(e -> e.id().substring(CALL_ID.length() + 1))
        .toList();
  }

  private Effect effect(String id) {
    return rules.resume(state, Acks.NONE, now).stream()
        .filter(e -> e.id().equals(CALL_ID + "/" + id))
        .findFirst()
        .orElseThrow();
  }

  private CallState.Ended ended() {
    return (CallState.Ended) state;
  }

  // ---- offer and routing
  // -------------------------------------------------------------------------

  @Test
  void an_offer_asks_campaign_agent_and_wallet_at_the_same_time_and_rings_once_all_three_stand() {
    assertThat(tell(offer(CallSamples.plan(1, 1)))).isEqualTo(new CallReply.Noted(false));
    assertThat(outstanding()).containsExactly("admit", "o1/reserve", "o1/hold");
    assertThat(outstanding("o1/reserve", "o1/hold")).containsExactly("admit");
    assertThat(outstanding("admit", "o1/hold")).containsExactly("o1/reserve");
    assertThat(outstanding("admit", "o1/hold", "o1/reserve")).containsExactly("o1/ring");
    assertThat(outstanding("admit", "o1/hold", "o1/reserve", "o1/ring")).isEmpty();
  }

  @Test
  void offers_of_one_step_ring_each_when_its_own_halves_stand() {
    tell(offer(CallSamples.plan(2)));
    assertThat(outstanding("admit", "o2/hold", "o2/reserve"))
        .containsExactly("o1/reserve", "o1/hold", "o2/ring");
  }

  @Test
  void the_same_offer_again_is_known_and_another_under_the_same_id_is_a_conflict() {
    tell(offer(CallSamples.plan(1)));
    assertThat(tell(offer(CallSamples.plan(1)))).isEqualTo(new CallReply.Noted(true));
    assertThat(tell(offer(CallSamples.plan(2)))).isEqualTo(new CallReply.Conflict("plan"));
  }

  @Test
  void an_empty_plan_is_stored_and_ended_at_once_and_the_caller_is_told_503() {
    tell(offer(new RingPlan(List.of(new RingPlan.Step(List.of())), 18_000)));
    assertThat(ended().end().cause()).isEqualTo("NO_CANDIDATE");
    assertThat(outstanding()).containsExactly("reject");
    assertThat(effect("reject"))
        .isEqualTo(
            new Effect.Signal(
                CALL_ID + "/reject",
                CallSamples.EDGE,
                new LegCommand.Reject(CALL_ID, 503, "NO_CANDIDATE")));
  }

  @Test
  void a_refused_hold_ends_the_other_half_and_the_next_step_begins() {
    tell(offer(CallSamples.plan(1, 1)));
    tell(
        new CallCommand.OfferRefused(
            "o1", "INSUFFICIENT_FUNDS", "holds 3.00 USD, needs 25.00 USD"));
    assertThat(outstanding())
        .containsExactly("admit", "o1/release", "o1/end", "o2/reserve", "o2/hold");
    assertThat(outstanding("o1/release", "o1/end"))
        .containsExactly("admit", "o2/reserve", "o2/hold");
  }

  @Test
  void the_last_refusal_ends_the_call_in_the_same_write_with_480() {
    tell(offer(CallSamples.plan(1)));
    Decision<CallEvent, CallReply> last = rules.decide(state, phoneFailed("o1", "NO_ANSWER"), now);
    assertThat(last.events()).hasSize(2);
    tell(phoneFailed("o1", "NO_ANSWER"));
    assertThat(ended().end().cause()).isEqualTo("NO_AGENT");
    assertThat(outstanding()).containsExactly("o1/release", "o1/end", "discharge", "reject");
    now = ended().end().at().plusSeconds(60);
    assertThat(outstanding()).containsExactly("o1/release", "o1/end", "discharge");
  }

  @Test
  void a_refused_admission_ends_the_call_with_503_and_lets_everything_go() {
    tell(offer(CallSamples.plan(1)));
    tell(new CallCommand.AdmissionRefused("CONCURRENCY_REACHED", "takes 5, has 5"));
    assertThat(ended().end().cause()).isEqualTo("CONCURRENCY_REACHED");
    assertThat(outstanding()).containsExactly("o1/release", "o1/end", "discharge", "reject");
  }

  @Test
  void a_word_about_a_phone_that_comes_twice_or_of_a_step_that_is_past_changes_nothing() {
    tell(offer(CallSamples.plan(1, 1)));
    tell(phoneFailed("o1", "DECLINED"));
    assertThat(tell(phoneFailed("o1", "NO_ANSWER"))).isEqualTo(new CallReply.Noted(true));
    assertThat(tell(new CallCommand.OfferRefused("o1", "X", "")))
        .isEqualTo(new CallReply.Noted(true));
    assertThat(tell(phoneFailed("o9", "DECLINED"))).isInstanceOf(CallReply.Misplaced.class);
    assertThat(tell(bridged("o1"))).isInstanceOf(CallReply.Misplaced.class);
  }

  @Test
  void a_withdrawn_agent_is_stopped_and_the_edges_word_decides() {
    tell(offer(CallSamples.plan(1, 1)));
    assertThat(tell(new CallCommand.AgentWithdrawn("o1", "IN_COOLDOWN")))
        .isEqualTo(new CallReply.Noted(false));
    assertThat(tell(new CallCommand.AgentWithdrawn("o1", "IN_COOLDOWN")))
        .isEqualTo(new CallReply.Noted(true));
    assertThat(outstanding("admit")).containsExactly("o1/stop");
    CallState withdrawn = state;
    assertThat(tell(bridged("o1"))).isEqualTo(new CallReply.Noted(false)); // it was quicker
    assertThat(state).isInstanceOf(CallState.Connected.class);
    state = withdrawn;
    tell(new CallCommand.PhoneFailed(new OfferFailure("o1", "IN_COOLDOWN", "", true, 487), now));
    assertThat(outstanding("admit"))
        .containsExactly("o1/release", "o1/end", "o2/reserve", "o2/hold");
  }

  // ---- connected
  // ---------------------------------------------------------------------------------

  private void connect(RingPlan plan, String offerId) {
    tell(offer(plan));
    assertThat(tell(bridged(offerId))).isEqualTo(new CallReply.Noted(false));
  }

  @Test
  void the_first_answer_wins_and_the_others_end_as_lost() {
    connect(CallSamples.plan(3), "o2");
    assertThat(outstanding()).containsExactly("o1/release", "o1/end", "o3/release", "o3/end");
    assertThat(effect("o1/end").toString()).contains("kind=LOST");
    assertThat(tell(bridged("o2"))).isEqualTo(new CallReply.Noted(true));
    assertThat(tell(bridged("o1"))).isEqualTo(new CallReply.Misplaced("ANOTHER_ANSWERED"));
  }

  @ParameterizedTest
  @CsvSource({"89999, false", "90000, true", "90001, true"})
  void connected_time_at_the_timer_is_billable_and_one_millisecond_less_is_not(
      long connectedMillis, boolean billable) {
    connect(CallSamples.plan(1), "o1");
    CallState connected = state;
    CallReply crossed =
        tell(new CallCommand.Crossed(connectedMillis, BRIDGED_AT.plusMillis(connectedMillis)));
    assertThat(crossed instanceof CallReply.Noted).isEqualTo(billable);
    assertThat(outstanding().contains("o1/capture")).isEqualTo(billable);
    state = connected; // the same when the end comes without the crossing
    tell(
        new CallCommand.LegsEnded(
            EndedBy.AGENT, "NORMAL", connectedMillis, BRIDGED_AT.plusMillis(connectedMillis)));
    assertThat(ended().end().qualified()).isEqualTo(billable);
    assertThat(ended().end().charge()).isEqualTo(billable ? PRICE : Money.zero("USD"));
    assertThat(outstanding().contains("o1/capture")).isEqualTo(billable);
    assertThat(outstanding().contains("o1/release")).isEqualTo(!billable);
    if (billable) {
      assertThat(ended().qualified()).isEqualTo(CallSamples.qualified());
    }
  }

  @Test
  void a_crossing_is_charged_once_and_the_end_changes_nothing_of_it() {
    connect(CallSamples.plan(1), "o1");
    Instant crossing = BRIDGED_AT.plusMillis(TIMER_MILLIS);
    tell(new CallCommand.Crossed(TIMER_MILLIS, crossing));
    assertThat(tell(new CallCommand.Crossed(TIMER_MILLIS, crossing)))
        .isEqualTo(new CallReply.Noted(true));
    Effect capture = effect("o1/capture");
    tell(new CallCommand.LegsEnded(EndedBy.CALLER, "NORMAL", 120_000, BRIDGED_AT.plusSeconds(120)));
    assertThat(effect("o1/capture")).isEqualTo(capture);
    assertThat(outstanding()).containsExactly("o1/capture", "o1/end", "discharge");
    assertThat(tell(new CallCommand.LegsEnded(EndedBy.AGENT, "NORMAL", 5, now)))
        .isEqualTo(new CallReply.Noted(true));
  }

  @Test
  void hold_and_re_invite_are_kept_for_a_survivor_and_do_not_stop_the_timer() {
    connect(CallSamples.plan(1), "o1");
    Instant due = rules.deadline(state);
    CallCommand refreshed =
        new CallCommand.LegRefreshed(
            false, CallSamples.dialog("sip-1b"), true, BRIDGED_AT.plusSeconds(3));
    assertThat(tell(refreshed)).isEqualTo(new CallReply.Noted(false));
    assertThat(tell(refreshed)).isEqualTo(new CallReply.Noted(true));
    assertThat(rules.deadline(state)).isEqualTo(due);
  }

  // ---- loss of the edge
  // --------------------------------------------------------------------------

  private CallReply lose(EdgeRef edge, Instant lastMedia) {
    return tell(new CallCommand.EdgeLost(new ProofOfLife(edge, lastMedia, lastMedia)));
  }

  @ParameterizedTest
  @CsvSource({
    "-5000, 0, false",
    "40000, 40000, false",
    "89999, 89999, false",
    "90000, 90000, true"
  })
  void a_lost_call_ends_at_the_last_proof_of_life(long media, long connected, boolean billable) {
    connect(CallSamples.plan(1), "o1");
    lose(CallSamples.EDGE, BRIDGED_AT.plusMillis(media));
    assertThat(ended().end().connectedMillis()).isEqualTo(connected);
    assertThat(ended().end().qualified()).isEqualTo(billable);
    assertThat(ended().end().at()).isEqualTo(BRIDGED_AT.plusMillis(connected));
    assertThat(ended().end().proof()).isNotNull();
  }

  @Test
  void a_crossing_that_was_stored_is_proof_too() {
    connect(CallSamples.plan(1), "o1");
    tell(new CallCommand.Crossed(TIMER_MILLIS, BRIDGED_AT.plusMillis(TIMER_MILLIS)));
    lose(CallSamples.EDGE, BRIDGED_AT.plusSeconds(80));
    assertThat(ended().end().connectedMillis()).isEqualTo(TIMER_MILLIS);
    assertThat(ended().end().at()).isEqualTo(BRIDGED_AT.plusMillis(TIMER_MILLIS));
  }

  @Test
  void the_death_of_another_edge_or_of_an_earlier_start_of_this_one_is_nothing_to_the_call() {
    connect(CallSamples.plan(1), "o1");
    CallReply.Misplaced other = new CallReply.Misplaced("OTHER_EDGE");
    assertThat(lose(new EdgeRef("edge-b", CallSamples.EDGE.incarnation()), now)).isEqualTo(other);
    assertThat(lose(new EdgeRef("edge-a", 1), now)).isEqualTo(other);
    assertThat(state).isInstanceOf(CallState.Connected.class);
  }

  @Test
  void an_edge_that_was_taken_for_dead_is_told_so_when_it_speaks_of_a_crossing() {
    connect(CallSamples.plan(1), "o1");
    lose(CallSamples.EDGE, BRIDGED_AT.plusSeconds(40));
    assertThat(tell(new CallCommand.Crossed(TIMER_MILLIS, now)))
        .isEqualTo(new CallReply.Misplaced("ENDED"));
  }

  // ---- time
  // --------------------------------------------------------------------------------------

  @Test
  void a_call_whose_edge_is_silent_asks_it_and_decides_nothing_itself() {
    connect(CallSamples.plan(1), "o1");
    now = rules.deadline(state).minusMillis(1);
    assertThat(outstanding()).isEmpty();
    now = now.plusMillis(1);
    List<String> first = outstanding();
    assertThat(first).singleElement().asString().startsWith("report/");
    now = now.plus(CallSettings.DEFAULT.reportEvery());
    assertThat(outstanding()).hasSize(1).isNotEqualTo(first); // asked again under another id
    assertThat(tell(new CallCommand.Wake())).isEqualTo(new CallReply.Noted(true));
    assertThat(state).isInstanceOf(CallState.Connected.class);
  }

  @Test
  void the_longest_call_is_hung_up_by_the_platform() {
    connect(CallSamples.plan(1), "o1");
    tell(new CallCommand.Crossed(TIMER_MILLIS, BRIDGED_AT.plusMillis(TIMER_MILLIS)));
    assertThat(rules.deadline(state)).isEqualTo(BRIDGED_AT.plus(Duration.ofHours(4)));
    now = rules.deadline(state);
    assertThat(outstanding("o1/capture")).contains("hangup");
  }

  // ---- inquiries
  // ---------------------------------------------------------------------------------

  @Test
  void whoever_asks_for_an_old_hold_is_told_by_where_the_call_stands() {
    CallCommand hold1 = new CallCommand.HoldInquiry(CALL_ID + "/o1/hold");
    CallCommand hold2 = new CallCommand.HoldInquiry(CALL_ID + "/o2/hold");
    assertThat(tell(hold1)).isEqualTo(new CallReply.NotNeeded("NO_SUCH_CALL"));
    connect(CallSamples.plan(2), "o1");
    assertThat(tell(hold1)).isEqualTo(new CallReply.StillNeeded());
    assertThat(tell(hold2)).isEqualTo(new CallReply.NotNeeded("LOST"));
    CallState connected = state;
    tell(new CallCommand.LegsEnded(EndedBy.CALLER, "NORMAL", 5, now));
    assertThat(tell(hold1)).isEqualTo(new CallReply.NotNeeded("ENDED"));
    state = connected;
    tell(new CallCommand.LegsEnded(EndedBy.CALLER, "NORMAL", TIMER_MILLIS, now));
    assertThat(tell(hold1)).isEqualTo(new CallReply.StillNeeded()); // its capture is on its way
    assertThat(tell(new CallCommand.ReservationInquiry("o1")))
        .isEqualTo(new CallReply.StillNeeded());
    assertThat(tell(new CallCommand.ReservationInquiry("o7")))
        .isEqualTo(new CallReply.NotNeeded("NO_SUCH_OFFER"));
    assertThat(tell(new CallCommand.AdmissionInquiry())).isEqualTo(new CallReply.StillNeeded());
  }

  // ---- answers
  // -----------------------------------------------------------------------------------

  private Optional<CallCommand> answer(String effectId, Reply reply) {
    return rules.answered(state, (Effect.Ask) effect(effectId), reply);
  }

  @Test
  void a_yes_acknowledges_and_a_no_becomes_a_command_with_its_figures() {
    tell(offer(CallSamples.plan(1)));
    Balances balances = Balances.ZERO;
    assertThat(answer("o1/hold", new WalletReply.Held("h", balances, false))).isEmpty();
    assertThat(answer("o1/reserve", new AgentReply.Reserved(CALL_ID, "o1", true))).isEmpty();
    assertThat(answer("admit", new CampaignReply.Admitted(CALL_ID, false))).isEmpty();
    assertThat(answer("o1/hold", new WalletReply.InsufficientFunds(Money.ofUnits(3, "USD"), PRICE)))
        .contains(
            new CallCommand.OfferRefused(
                "o1", "INSUFFICIENT_FUNDS", "holds 3.00 USD, needs 25.00 USD"));
    assertThat(answer("o1/reserve", new AgentReply.NotAvailable("OFFLINE", "not online")))
        .contains(new CallCommand.OfferRefused("o1", "OFFLINE", "not online"));
    assertThat(answer("admit", new CampaignReply.NotAdmitted("BUDGET_REACHED", "d")))
        .contains(new CallCommand.AdmissionRefused("BUDGET_REACHED", "d"));
    assertThat(Stream.of(new AgentReply.Unknown(), new AgentReply.Conflict("price")))
        .allSatisfy(no -> assertThat(answer("o1/reserve", no)).isPresent());
  }

  @Test
  void a_refused_charge_is_stored_once_and_no_longer_asked_for() {
    connect(CallSamples.plan(1), "o1");
    tell(new CallCommand.Crossed(TIMER_MILLIS, BRIDGED_AT.plusMillis(TIMER_MILLIS)));
    CallCommand refused = answer("o1/capture", new WalletReply.TooOld("h")).orElseThrow();
    assertThat(tell(refused)).isEqualTo(new CallReply.Noted(false));
    assertThat(tell(refused)).isEqualTo(new CallReply.Noted(true));
    assertThat(outstanding()).isEmpty();
  }

  @Test
  void nothing_is_known_of_a_call_that_never_was() {
    assertThat(tell(new CallCommand.Read())).isEqualTo(new CallReply.Unknown());
    assertThat(tell(new CallCommand.Crossed(1, now))).isEqualTo(new CallReply.Unknown());
    assertThat(rules.resume(state, Acks.NONE, now)).isEmpty();
    assertThat(rules.deadline(state)).isNull();
  }
}
