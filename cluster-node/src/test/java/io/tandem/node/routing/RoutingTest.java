package io.tandem.node.routing;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.persistence.agent.AgentEvent;
import io.tandem.persistence.agent.AgentState;
import io.tandem.persistence.agent.AgentTerms;
import io.tandem.persistence.agent.Licence;
import io.tandem.persistence.agent.WeeklySchedule;
import io.tandem.persistence.call.CallerState;
import io.tandem.persistence.call.Offer;
import io.tandem.persistence.call.RingPlan;
import io.tandem.persistence.call.TraceLine;
import io.tandem.persistence.campaign.CampaignTerms;
import io.tandem.persistence.campaign.CampaignTerms.Ringing;
import io.tandem.persistence.journal.DataClass;
import io.tandem.persistence.journal.Personal;
import io.tandem.persistence.journal.TimedId;
import io.tandem.persistence.money.Money;
import io.tandem.persistence.vertical.VerticalState;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who is rung, in which order, and what the trace says (MKT-2, MKT-3, MKT-5). */
class RoutingTest {

  private static final Instant NOW = Instant.parse("2026-11-20T15:00:00Z"); // a Friday
  private static final String CALL = TimedId.at("call", NOW);
  private static final CallerState TEXAS = new CallerState("TX", CallerState.Source.NUMBER_AREA);
  private static final WeeklySchedule ALWAYS = WeeklySchedule.always(ZoneOffset.UTC);

  private final List<Candidate> candidates = new ArrayList<>();
  private CampaignTerms campaign = campaign(Ringing.SEQUENTIAL, 1, 5, ALWAYS);

  private static CampaignTerms campaign(
      Ringing ringing, int atOnce, int attempts, WeeklySchedule schedule) {
    return new CampaignTerms(
        "medicare", ringing, 18_000, atOnce, attempts, null, null, null, schedule);
  }

  private static Money usd(long units) {
    return Money.ofUnits(units, "USD");
  }

  /** An agent that qualifies, idle for a minute. */
  private static AgentState agent(String id, AgentTerms terms) {
    Personal<String> name = Personal.of("person:" + id, DataClass.CONTACT, "A. Gent");
    return AgentState.NEW
        .apply(
            new AgentEvent.Created("acct_" + id, name, "phone-" + id, terms, NOW.minusSeconds(900)))
        .apply(
            new AgentEvent.LicenceFiled(
                new Licence("TX", "medicare", "L1", LocalDate.of(2030, 1, 1)),
                NOW.minusSeconds(900)))
        .apply(new AgentEvent.WentOnline(NOW.minusSeconds(60)));
  }

  private static AgentTerms terms(long bid, int tier, int weight) {
    return new AgentTerms(
        List.of(new AgentTerms.Bid("medicare", usd(bid), tier, weight)), 1, null, null, ALWAYS);
  }

  private void add(String id, AgentState agent, Money available) {
    candidates.add(new Candidate(Standing.of(id, agent, "medicare", new Purse(), null), available));
  }

  private void add(String id, long bid, int tier, int weight) {
    add(id, agent(id, terms(bid, tier, weight)), usd(500));
  }

  private Routed plan(CallerState where) {
    VerticalState.Terms vertical = new VerticalState.Terms(4, usd(25), 90_000);
    return Routing.plan(
        CALL, new RoutingSnapshot("acct_c", campaign, vertical, candidates), where, NOW);
  }

  private static List<String> order(Routed routed) {
    return routed.plan().steps().stream()
        .flatMap(s -> s.offers().stream())
        .map(Offer::agentId)
        .toList();
  }

  private String verdictOf(AgentState agent) {
    candidates.clear();
    add("a", agent, usd(500));
    Routed routed = plan(TEXAS);
    assertThat(routed.plan().steps()).isEmpty();
    return routed.trace().getFirst().verdict();
  }

  @Test
  void tier_goes_before_bid_and_bid_before_idle_time() {
    add("low-tier", 90, 2, 1);
    add("low-bid", 30, 1, 1);
    add("high-bid", 40, 1, 1);
    AgentState waiting =
        agent("waiting", terms(30, 1, 1))
            .apply(new AgentEvent.WentOffline("x", NOW.minusSeconds(50)));
    add("waiting", waiting.apply(new AgentEvent.WentOnline(NOW.minusSeconds(20))), usd(500));
    assertThat(order(plan(TEXAS))).containsExactly("high-bid", "low-bid", "waiting", "low-tier");
  }

  @Test
  void weight_multiplies_idle_time() {
    add("patient", 30, 1, 1);
    AgentState fresh =
        agent("heavy", terms(30, 1, 4))
            .apply(new AgentEvent.WentOffline("x", NOW.minusSeconds(50)));
    add("heavy", fresh.apply(new AgentEvent.WentOnline(NOW.minusSeconds(20))), usd(500));
    assertThat(order(plan(TEXAS))).containsExactly("heavy", "patient"); // 20 s times 4 over 60 s
  }

  /** An agent that takes several calls at a time is not idle in its first. */
  @Test
  void who_is_in_a_call_comes_after_who_is_idle_and_who_is_in_fewer_before_who_is_in_more() {
    AgentTerms three =
        new AgentTerms(
            List.of(new AgentTerms.Bid("medicare", usd(30), 1, 9)), 3, null, null, ALWAYS);
    add("in-two", talking(talking(agent("in-two", three), "1"), "2"), usd(500));
    add("in-one", talking(agent("in-one", three), "3"), usd(500));
    AgentState fresh =
        agent("fresh", terms(30, 1, 1))
            .apply(new AgentEvent.WentOffline("x", NOW.minusSeconds(50)));
    add("fresh", fresh.apply(new AgentEvent.WentOnline(NOW.minusSeconds(1))), usd(500));

    Routed routed = plan(TEXAS);
    assertThat(order(routed)).containsExactly("fresh", "in-one", "in-two");
    assertThat(routed.trace())
        .extracting(TraceLine::reason)
        .containsExactly(
            "o1: tier 1, 30.00 USD, idle 1 s, weight 1",
            "o2: tier 1, 30.00 USD, in 1 call, weight 9",
            "o3: tier 1, 30.00 USD, in 2 calls, weight 9");
  }

  private static AgentState talking(AgentState agent, String call) {
    return agent.apply(
        new AgentEvent.Reserved(
            "call-" + call,
            "o1",
            "medicare",
            usd(30),
            LocalDate.of(2026, 1, 1),
            NOW.minusSeconds(30),
            NOW.plusSeconds(30)));
  }

  @Test
  void a_bid_below_the_verticals_price_pays_the_verticals_price() {
    add("low", 3, 1, 1);
    add("high", 40, 1, 1);
    List<Offer> offers =
        plan(TEXAS).plan().steps().stream().flatMap(s -> s.offers().stream()).toList();
    assertThat(offers).extracting(o -> o.terms().price()).containsExactly(usd(40), usd(25));
    assertThat(offers).allSatisfy(o -> assertThat(o.terms().version()).isEqualTo(4));
    assertThat(offers).allSatisfy(o -> assertThat(o.terms().timerMillis()).isEqualTo(90_000));
    assertThat(offers).extracting(Offer::offerId).containsExactly("o1", "o2");
  }

  @Test
  void attempts_bound_the_plan_and_the_rest_is_outranked() {
    campaign = campaign(Ringing.SIMULTANEOUS, 2, 3, ALWAYS);
    for (int i = 0; i < 5; i++) {
      add("a" + i, 50 - i, 1, 1);
    }
    Routed routed = plan(TEXAS);
    assertThat(routed.plan().steps()).extracting(s -> s.offers().size()).containsExactly(2, 1);
    assertThat(routed.trace())
        .extracting(TraceLine::verdict)
        .containsExactly("CHOSEN", "CHOSEN", "CHOSEN", "OUTRANKED", "OUTRANKED");
    assertThat(routed.trace().getFirst().reason()).startsWith("o1: tier 1, 50.00 USD, idle 60 s");
    assertThat(routed.trace().getLast().reason()).startsWith("rank 5 of 5, tries 3");
  }

  @Test
  void a_sequential_campaign_rings_one_at_a_time_whatever_it_says_of_at_once() {
    campaign = campaign(Ringing.SEQUENTIAL, 4, 3, ALWAYS);
    add("a", 30, 1, 1);
    add("b", 30, 1, 1);
    assertThat(plan(TEXAS).plan().steps()).extracting(s -> s.offers().size()).containsExactly(1, 1);
  }

  @Test
  void each_agent_that_cannot_take_the_call_is_named_with_its_reason() {
    AgentTerms terms = terms(30, 1, 1);
    AgentState agent = agent("a", terms);
    assertThat(verdictOf(agent.apply(new AgentEvent.WentOffline("x", NOW)))).isEqualTo("OFFLINE");
    assertThat(verdictOf(agent.apply(new AgentEvent.LicenceWithdrawn("TX", "medicare", "x", NOW))))
        .isEqualTo("NOT_LICENSED");
    assertThat(
            verdictOf(
                agent.apply(
                    new AgentEvent.CooldownStarted(
                        1, NOW.plusSeconds(1), "RATIO", List.of(), NOW.minusSeconds(9)))))
        .isEqualTo("IN_COOLDOWN");
    assertThat(
            verdictOf(
                agent.apply(
                    new AgentEvent.Reserved(
                        TimedId.at("call", NOW),
                        "o1",
                        "medicare",
                        usd(30),
                        LocalDate.of(2026, 11, 20),
                        NOW,
                        NOW))))
        .isEqualTo("AT_CONCURRENCY");
    AgentTerms noBid = new AgentTerms(List.of(), 1, null, null, ALWAYS);
    assertThat(verdictOf(agent("a", noBid))).isEqualTo("NO_BID");
    AgentTerms noCalls = new AgentTerms(terms.bids(), 1, 0, null, ALWAYS);
    assertThat(verdictOf(agent("a", noCalls))).isEqualTo("DAILY_CALLS_REACHED");
    AgentTerms poor = new AgentTerms(terms.bids(), 1, null, usd(29), ALWAYS);
    assertThat(verdictOf(agent("a", poor))).isEqualTo("BUDGET_REACHED");
    WeeklySchedule monday =
        new WeeklySchedule(
            ZoneOffset.UTC,
            List.of(
                new WeeklySchedule.Span(
                    DayOfWeek.MONDAY, LocalTime.of(9, 0), LocalTime.of(17, 0))));
    assertThat(verdictOf(agent("a", new AgentTerms(terms.bids(), 1, null, null, monday))))
        .isEqualTo("SCHEDULE_CLOSED");
  }

  @Test
  void a_wallet_that_does_not_cover_the_price_is_named_with_both_figures() {
    add("a", agent("a", terms(30, 1, 1)), new Money(29_999_999, "USD"));
    TraceLine line = plan(TEXAS).trace().getFirst();
    assertThat(line.verdict()).isEqualTo("INSUFFICIENT_FUNDS");
    assertThat(line.reason()).isEqualTo("available 29.999999 USD, needs 30.00 USD");
    assertThat(line.accountId()).isEqualTo("acct_a");
    candidates.clear();
    add("a", agent("a", terms(30, 1, 1)), usd(30));
    assertThat(order(plan(TEXAS))).containsExactly("a");
    candidates.clear();
    add("a", agent("a", terms(30, 1, 1)), Money.ofUnits(300, "EUR"));
    assertThat(plan(TEXAS).trace().getFirst().verdict()).isEqualTo("WRONG_CURRENCY");
  }

  @Test
  void nobody_is_licensed_in_an_unknown_state() {
    add("a", 30, 1, 1);
    Routed routed = plan(CallerState.UNKNOWN);
    assertThat(routed.plan().steps()).isEmpty();
    assertThat(routed.trace().getFirst().verdict()).isEqualTo("NOT_LICENSED");
    assertThat(routed.trace().getFirst().reason()).contains("unknown state");
  }

  @Test
  void a_campaign_outside_its_hours_rings_nobody_and_says_so() {
    WeeklySchedule monday =
        new WeeklySchedule(
            ZoneOffset.UTC,
            List.of(
                new WeeklySchedule.Span(
                    DayOfWeek.MONDAY, LocalTime.of(9, 0), LocalTime.of(17, 0))));
    campaign = campaign(Ringing.SEQUENTIAL, 1, 5, monday);
    add("a", 30, 1, 1);
    Routed routed = plan(TEXAS);
    assertThat(routed.plan()).isEqualTo(new RingPlan(List.of(), 18_000));
    assertThat(routed.trace())
        .containsExactly(
            new TraceLine("", "acct_c", "SCHEDULE_CLOSED", "the campaign is outside its hours"));
  }

  @Test
  void a_trace_is_capped_and_says_how_much_it_leaves_out() {
    campaign = campaign(Ringing.SEQUENTIAL, 1, 2, ALWAYS);
    for (int i = 0; i < 250; i++) {
      add("a" + i, 30, 1, 1);
    }
    Routed routed = plan(TEXAS);
    assertThat(routed.trace()).hasSize(Routing.TRACE_LINES_MAX);
    assertThat(routed.trace().getFirst().verdict()).isEqualTo(Routing.CHOSEN);
    assertThat(routed.trace().getLast())
        .isEqualTo(new TraceLine("", "", "NOT_LISTED", "151 more candidates"));
    assertThat(routed.plan().steps()).hasSize(2);
  }

  @Test
  void the_same_input_gives_the_same_plan_and_equals_draw_lots_by_call() {
    for (int i = 0; i < 10; i++) {
      add("a" + i, 30, 1, 1);
    }
    assertThat(plan(TEXAS)).isEqualTo(plan(TEXAS));
    VerticalState.Terms vertical = new VerticalState.Terms(4, usd(25), 90_000);
    RoutingSnapshot snapshot = new RoutingSnapshot("acct_c", campaign, vertical, candidates);
    List<String> firsts = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      String callId = TimedId.at("call", NOW.plusSeconds(i));
      firsts.add(order(Routing.plan(callId, snapshot, TEXAS, NOW)).getFirst());
    }
    assertThat(firsts.stream().distinct().count()).isGreaterThan(2);
  }
}
