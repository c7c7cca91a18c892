package io.tandem.node.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.node.agent.AgentCommand;
import io.tandem.node.campaign.CampaignCommand;
import io.tandem.node.campaign.CampaignReply;
import io.tandem.persistence.call.CallEvent;
import io.tandem.persistence.call.CallState;
import io.tandem.persistence.call.OfferFailure;
import io.tandem.persistence.call.TraceLine;
import io.tandem.persistence.campaign.CampaignTerms;
import io.tandem.persistence.money.Money;
import io.tandem.protocol.sip.ua.CallEnd;
import io.tandem.protocol.sip.ua.UaCall;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which phones ring for a caller, in which order, and what the journal says of the others. */
class RoutingOverSipTest {
  private static final String CALIFORNIAN = "14155550123";

  @TempDir Path directory;

  private Exchange exchange;
  private Market market;
  private Telephones phones;

  @AfterEach
  void stop() {
    exchange.close();
  }

  private void open(CampaignTerms terms) {
    exchange = Exchange.open(directory, terms);
    market = exchange.market();
    phones = exchange.phones();
  }

  /** A caller nobody may take: refused with that status, and the trace says why. */
  private void refused(UaCall caller, int status, String agent, String verdict) {
    assertThat(Telephones.within(caller.ended()).status()).isEqualTo(status);
    String callId = market.callIds().getLast();
    assertThat(market.events("call", callId, CallEvent.Offered.class).getFirst().trace().lines())
        .filteredOn(line -> line.agentId().equals(agent))
        .extracting(TraceLine::verdict)
        .containsExactly(verdict);
    assertThat(phones.rung()).isEmpty();
  }

  @Test
  @Tag("rule:MKT-2")
  @Tag("rule:MKT-5")
  void an_agent_that_is_offline_is_not_rung_and_the_trace_says_so() {
    open(Market.oneByOne());
    market.agent("anna", 100);
    phones.phone("anna");
    var unused = market.ask("agent", "anna", new AgentCommand.GoOffline("lunch"));
    Market.await(
        "it is known", () -> !exchange.node().directory().agent("anna").orElseThrow().online());
    refused(phones.call(), 503, "anna", "OFFLINE");
  }

  @Test
  @Tag("rule:MKT-2")
  @Tag("rule:MKT-5")
  void an_agent_without_a_licence_in_the_callers_state_is_not_rung_and_the_trace_says_so() {
    open(Market.oneByOne());
    market.agent("anna", 100);
    phones.phone("anna");
    refused(phones.callFrom(CALIFORNIAN), 503, "anna", "NOT_LICENSED");
  }

  @Test
  @Tag("rule:MKT-2")
  @Tag("rule:MKT-5")
  void an_agent_whose_wallet_does_not_cover_the_price_is_not_rung_and_the_trace_says_so() {
    open(Market.oneByOne());
    market.agent("anna", 24);
    phones.phone("anna");
    refused(phones.call(), 503, "anna", "INSUFFICIENT_FUNDS");
  }

  @Test
  @Tag("rule:MKT-2")
  @Tag("rule:MKT-5")
  void an_agent_that_talks_takes_no_second_call_and_the_trace_says_so() {
    open(Market.oneByOne());
    market.agent("anna", 100);
    phones.phone("anna");
    Exchange.Connected first = exchange.connect();
    Market.await(
        "its reservation is known",
        () -> !exchange.node().directory().agent("anna").orElseThrow().reservations().isEmpty());
    UaCall second = phones.callFrom("12125550177");
    assertThat(Telephones.within(second.ended()).status()).isEqualTo(503);
    assertThat(
            market
                .events("call", market.callIds().getLast(), CallEvent.Offered.class)
                .getFirst()
                .trace()
                .lines())
        .extracting(TraceLine::verdict)
        .containsExactly("AT_CONCURRENCY");
    assertThat(phones.rung()).hasSize(1);
    assertThat(first.caller().ended()).isNotDone();
  }

  @Test
  @Tag("rule:MKT-3")
  void tier_goes_before_price_and_busy_phones_pass_the_call_on_one_after_the_other() {
    open(Market.oneByOne());
    market.agent("low", 100, Market.bidding(Money.ofUnits(26, "USD"), 1, 1));
    market.agent("high", 100, Market.bidding(Money.ofUnits(30, "USD"), 1, 1));
    market.agent("second", 100, Market.bidding(Money.ofUnits(90, "USD"), 2, 1));
    for (String agent : List.of("low", "high", "second")) {
      phones.phone(agent, phones.plan(486));
    }
    UaCall caller = phones.call();
    assertThat(Telephones.within(caller.ended()).status()).isEqualTo(480);
    assertThat(phones.rung())
        .extracting(call -> call.line().identity().user())
        .containsExactly("high", "low", "second");
    assertThat(phones.rung())
        .extracting(call -> call.invite().header("X-Tandem-Price"))
        .containsExactly(
            Money.ofUnits(30, "USD").toString(),
            Money.ofUnits(26, "USD").toString(),
            Money.ofUnits(90, "USD").toString());
    CallState.Ended ended = market.awaitPhase(market.callIds().getLast(), CallState.Ended.class);
    assertThat(ended.failures())
        .extracting(OfferFailure::reason)
        .containsExactly("DECLINED", "DECLINED", "DECLINED");
    for (String agent : List.of("low", "high", "second")) {
      market.awaitNothingHeld(agent);
      assertThat(market.unitsLeft(agent)).isEqualTo(100);
    }
  }

  /** RFC 6432: the cause, not the words. */
  @Test
  @Tag("rule:MKT-3")
  void why_the_last_phone_would_not_is_told_to_the_caller_that_nobody_takes() {
    open(Market.oneByOne());
    market.agent("anna", 100);
    phones.phone("anna", call -> call.refuse(486, "Q.850;cause=17;text=\"out for lunch\""));
    try (RawSip caller = new RawSip(exchange.node().edge().orElseThrow().sipAddress())) {
      caller.send(
          RawSip.SDP,
          "INVITE sip:" + Market.NUMBER + "@127.0.0.1 SIP/2.0",
          caller.via("refused"),
          "From: <sip:" + Market.CALLER + "@127.0.0.1>;tag=caller",
          "To: <sip:" + Market.NUMBER + "@127.0.0.1>",
          "Call-ID: refused@127.0.0.1",
          "CSeq: 1 INVITE",
          "Max-Forwards: 70",
          "Contact: <sip:caller@127.0.0.1:" + caller.port() + ">",
          "Content-Type: application/sdp");
      String no = caller.await(text -> text.matches("(?s)SIP/2.0 [4-6].*"));
      assertThat(no).contains("Reason: SIP ;cause=", "Reason: Q.850 ;cause=17\r\n");
      assertThat(no).doesNotContain("lunch");
    }
  }

  /** Whoever a phone names was shown no terms and holds no money: the next agent is asked. */
  @Test
  @Tag("rule:MKT-3")
  void a_phone_that_redirects_is_passed_over_and_whom_it_names_is_not_called() {
    open(Market.oneByOne());
    market.agent("anna", 100, Market.bidding(Money.ofUnits(30, "USD"), 1, 1));
    market.agent("bert", 100);
    market.endpoint("friend", List.of("MD5"));
    phones.phone("friend");
    String friend = "<sip:friend@127.0.0.1:" + phones.port() + ">";
    phones.phone("anna", call -> call.redirect(friend));
    phones.phone("bert");
    UaCall caller = phones.call();
    assertThat(Telephones.within(caller.answered())).isTrue();
    assertThat(phones.rung())
        .extracting(call -> call.line().identity().user())
        .containsExactly("anna", "bert");
    market.awaitNothingHeld("anna");
    assertThat(market.unitsLeft("anna")).isEqualTo(100);
  }

  @Test
  @Tag("rule:MKT-3")
  void among_equals_the_one_that_waits_longest_is_first() {
    open(Market.oneByOne());
    market.agent("early", 100);
    market.agent("late", 100);
    phones.phone("early");
    phones.phone("late");
    var waitsSince = exchange.node().directory().agent("early").orElseThrow().idleSince();
    exchange.edge().advance(60_000); // its clock stood while the agents came online
    Exchange.Connected first = exchange.connect();
    assertThat(first.agent().line().identity().user()).isEqualTo("early");
    var unused = exchange.hangUp(first.caller(), first.callId());
    // not "has no reservation": the directory may not have seen the first one yet
    Market.await(
        "early waits anew",
        () ->
            !java.util.Objects.equals(
                waitsSince, exchange.node().directory().agent("early").orElseThrow().idleSince()));
    exchange.edge().advance(60_000);
    Exchange.Connected second = exchange.connect();
    assertThat(second.agent().line().identity().user()).isEqualTo("late");
  }

  @Test
  @Tag("rule:MKT-3")
  void a_phone_that_is_not_picked_up_stops_after_eighteen_seconds_and_the_next_one_rings() {
    open(Market.oneByOne());
    market.agent("anna", 100, Market.bidding(Money.ofUnits(30, "USD"), 1, 1));
    market.agent("bert", 100);
    phones.phone("anna", phones.ringing());
    phones.phone("bert");
    UaCall caller = phones.call();
    UaCall annas = phones.awaitRung(1);
    assertThat(Telephones.within(caller.ringing())).isTrue();
    exchange.edge().advance(17_999);
    assertThat(annas.ended()).isNotDone();
    exchange.edge().advance(1);
    assertThat(Telephones.within(annas.ended()).cause()).isEqualTo(CallEnd.Cause.CANCELLED);
    assertThat(Telephones.within(caller.answered())).isTrue();
    CallState.Connected connected =
        market.awaitPhase(Telephones.callId(annas), CallState.Connected.class);
    assertThat(connected.failures()).extracting(OfferFailure::reason).containsExactly("NO_ANSWER");
    market.awaitNothingHeld("anna");
    assertThat(market.unitsLeft("anna")).isEqualTo(100);
    assertThat(market.wallet("bert").balances().heldMicros()).isEqualTo(Exchange.PRICE.micros());
  }

  @Test
  @Tag("rule:MKT-3")
  void of_phones_that_ring_together_the_first_answer_wins_and_the_others_stop_without_charge() {
    open(Market.atOnce(3));
    List<String> agents = List.of("anna", "bert", "cleo");
    for (String agent : agents) {
      market.agent(agent, 100);
      phones.phone(agent, phones.ringing());
    }
    UaCall caller = phones.call();
    UaCall last = phones.awaitRung(3);
    phones.answer(last);
    assertThat(Telephones.within(caller.answered())).isTrue();
    for (UaCall other : phones.rung().subList(0, 2)) {
      assertThat(Telephones.within(other.ended()).cause()).isEqualTo(CallEnd.Cause.CANCELLED);
    }
    var connected = market.awaitPhase(Telephones.callId(last), CallState.Connected.class);
    exchange.edge().advance(Exchange.TIMER_MILLIS);
    for (String agent : agents) {
      market.awaitNothingHeld(agent);
      boolean won = agent.equals(last.line().identity().user());
      assertThat(market.unitsLeft(agent)).as(agent + connected.step()).isEqualTo(won ? 75 : 100);
    }
  }

  @Test
  @Tag("rule:MKT-10")
  void a_campaign_for_one_call_at_a_time_refuses_the_second_until_the_first_has_ended() {
    open(Market.capped(1));
    market.agent("anna", 500, 5);
    phones.phone("anna");
    Exchange.Connected first = exchange.connect();
    UaCall second = phones.callFrom("12125550177");
    assertThat(Telephones.within(second.ended()).status()).isEqualTo(503);
    CallState.Ended refused = market.awaitPhase(market.callIds().getLast(), CallState.Ended.class);
    assertThat(refused.end().cause()).isEqualTo("CONCURRENCY_REACHED");
    assertThat(phones.rung()).hasSize(1);

    var unused = exchange.hangUp(first.caller(), first.callId());
    Market.await(
        "the count came back",
        () ->
            market.ask("campaign", "camp", new CampaignCommand.Read())
                    instanceof CampaignReply.View view
                && view.state().admissions().isEmpty());
    Exchange.Connected third = exchange.connect();
    assertThat(third.caller().ended()).isNotDone();
    market.awaitNothingHeldBut("anna", Exchange.PRICE);
  }
}
