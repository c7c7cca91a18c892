package io.tandem.node.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.node.vertical.VerticalCommand;
import io.tandem.persistence.call.CallEvent;
import io.tandem.persistence.call.CallState;
import io.tandem.persistence.money.Money;
import io.tandem.persistence.wallet.WalletEvent;
import io.tandem.protocol.sip.message.SipRequest;
import io.tandem.protocol.sip.ua.UaCall;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When a call is billable, to the millisecond, by the clock of the edge that carries it. */
class QualifyingTimerTest {
  @TempDir Path directory;

  private Exchange exchange;
  private Market market;

  @BeforeEach
  void start() {
    exchange = Exchange.open(directory);
    market = exchange.market();
    market.agent("anna", 100);
  }

  @AfterEach
  void stop() {
    exchange.close();
  }

  @Test
  @Tag("rule:QT-3")
  void one_millisecond_before_the_timer_nothing_is_charged_and_the_hold_comes_back() {
    exchange.phones().phone("anna");
    Exchange.Connected call = exchange.connect();
    exchange.edge().advance(Exchange.TIMER_MILLIS - 1);

    CallState.Ended ended = exchange.hangUp(call.caller(), call.callId());
    assertThat(ended.end().connectedMillis()).isEqualTo(89_999);
    assertThat(ended.end().qualified()).isFalse();
    market.awaitNothingHeld("anna");
    assertThat(market.unitsLeft("anna")).isEqualTo(100);
    assertThat(market.walletEvents("anna")).last().isInstanceOf(WalletEvent.Released.class);
  }

  @Test
  @Tag("rule:QT-3")
  void at_exactly_the_timer_the_call_is_charged_also_when_the_bye_overtakes_the_alarm() {
    exchange.phones().phone("anna");
    Exchange.Connected call = exchange.connect();
    exchange.edge().stall(Exchange.TIMER_MILLIS);

    CallState.Ended ended = exchange.hangUp(call.caller(), call.callId());
    assertThat(ended.end().connectedMillis()).isEqualTo(90_000);
    assertThat(ended.end().qualified()).isTrue();
    market.awaitNothingHeld("anna");
    assertThat(market.unitsLeft("anna")).isEqualTo(75);
  }

  @Test
  @Tag("rule:QT-3")
  void an_alarm_that_rings_late_is_no_earlier_and_no_later_crossing() {
    exchange.phones().phone("anna");
    Exchange.Connected call = exchange.connect();
    exchange.edge().stall(Exchange.TIMER_MILLIS - 1);
    CallState.Ended ended = exchange.hangUp(call.agent(), call.callId());
    assertThat(ended.end().qualified()).isFalse();
    assertThat(ended.end().endedBy()).isEqualTo(CallEvent.EndedBy.AGENT);
    market.awaitNothingHeld("anna");
    assertThat(market.unitsLeft("anna")).isEqualTo(100);
  }

  @Test
  @Tag("rule:QT-3")
  void an_alarm_that_rings_two_seconds_late_names_the_instant_of_the_timer() {
    exchange.phones().phone("anna");
    Exchange.Connected call = exchange.connect();
    exchange.edge().stall(Exchange.TIMER_MILLIS + 2_000);
    exchange.edge().advance(1);
    Market.await("it is charged", () -> qualified(call.callId()) != null);
    CallEvent.Qualified qualified = qualified(call.callId());
    assertThat(qualified.connectedMillis()).isEqualTo(Exchange.TIMER_MILLIS);
    assertThat(qualified.at())
        .isEqualTo(
            market
                .awaitPhase(call.callId(), CallState.Connected.class)
                .bridged()
                .at()
                .plusMillis(Exchange.TIMER_MILLIS));
    CallState.Ended ended = exchange.hangUp(call.caller(), call.callId());
    assertThat(ended.end().connectedMillis()).isEqualTo(Exchange.TIMER_MILLIS + 2_001);
    market.awaitNothingHeld("anna");
    assertThat(market.unitsLeft("anna")).isEqualTo(75);
  }

  private CallEvent.@Nullable Qualified qualified(String callId) {
    return market.awaitPhase(callId, CallState.Connected.class).qualified();
  }

  @Test
  @Tag("rule:QT-2")
  void the_time_a_phone_rings_does_not_count() {
    exchange.phones().phone("anna", exchange.phones().ringing());
    UaCall caller = exchange.phones().call();
    UaCall atPhone = exchange.phones().awaitRung(1);
    exchange.edge().advance(17_000);
    exchange.phones().answer(atPhone);
    assertThat(Telephones.within(caller.answered())).isTrue();
    exchange.edge().advance(Exchange.TIMER_MILLIS - 1);

    CallState.Ended ended = exchange.hangUp(caller, Telephones.callId(atPhone));
    assertThat(ended.end().connectedMillis()).isEqualTo(89_999);
    market.awaitNothingHeld("anna");
    assertThat(market.unitsLeft("anna")).isEqualTo(100);
  }

  @Test
  @Tag("rule:QT-1")
  void price_and_timer_are_shown_with_the_offer_and_a_later_change_does_not_touch_the_call() {
    exchange.phones().phone("anna", exchange.phones().ringing());
    UaCall caller = exchange.phones().call();
    UaCall atPhone = exchange.phones().awaitRung(1);
    SipRequest offer = atPhone.invite();
    assertThat(offer.header("X-Tandem-Price")).isEqualTo(Exchange.PRICE.toString());
    assertThat(offer.header("X-Tandem-Timer")).isEqualTo("90");
    assertThat(offer.header("X-Tandem-Terms")).isEqualTo("health;version=1");

    var changed =
        market.ask(
            "vertical",
            "health",
            new VerticalCommand.ChangeTerms(Money.ofUnits(40, "USD"), 30_000));
    Market.await(
        "the new terms are known",
        () -> exchange.node().directory().vertical("health").orElseThrow().terms().version() == 2);
    exchange.phones().answer(atPhone);
    assertThat(Telephones.within(caller.answered())).as(changed.toString()).isTrue();
    String callId = Telephones.callId(atPhone);
    market.awaitPhase(callId, CallState.Connected.class);
    exchange.edge().advance(30_000);
    assertThat(market.events("call", callId, CallEvent.Qualified.class)).isEmpty();
    exchange.edge().advance(60_000);
    market.awaitNothingHeld("anna");
    assertThat(market.unitsLeft("anna")).isEqualTo(75);
    assertThat(market.events("call", callId, CallEvent.Qualified.class))
        .extracting(CallEvent.Qualified::charge)
        .containsExactly(Exchange.PRICE);
  }

  @Test
  @Tag("rule:QT-4")
  void the_charge_is_booked_at_the_crossing_and_once() {
    exchange.phones().phone("anna");
    Exchange.Connected call = exchange.connect();
    exchange.edge().advance(Exchange.TIMER_MILLIS);
    market.awaitNothingHeld("anna");
    exchange.edge().advance(10 * Exchange.TIMER_MILLIS);
    var ended = exchange.hangUp(call.agent(), call.callId());
    assertThat(ended.end().connectedMillis()).isEqualTo(11 * Exchange.TIMER_MILLIS);

    List<WalletEvent.Captured> captures =
        market.events("wallet", "acct-anna:USD", WalletEvent.Captured.class);
    assertThat(captures).hasSize(1);
    assertThat(captures.getFirst().amount()).isEqualTo(Exchange.PRICE);
    assertThat(captures.getFirst().earnedAt()).isEqualTo(ended.bridged().qualifiesAt());
  }

  @Test
  @Tag("rule:QT-6")
  void hold_and_resume_of_either_side_are_journaled_and_do_not_stop_the_timer() {
    exchange.phones().phone("anna");
    Exchange.Connected call = exchange.connect();
    exchange.edge().advance(10_000);
    assertThat(Telephones.within(call.agent().hold()).status()).isEqualTo(200);
    assertThat(Telephones.within(call.caller().hold()).status()).isEqualTo(200);
    exchange.edge().advance(70_000);
    assertThat(Telephones.within(call.agent().resume()).status()).isEqualTo(200);
    assertThat(Telephones.within(call.caller().resume()).status()).isEqualTo(200);
    exchange.edge().advance(10_000);
    market.awaitNothingHeld("anna");
    assertThat(market.unitsLeft("anna")).isEqualTo(75);

    var ended = exchange.hangUp(call.caller(), call.callId());
    assertThat(ended.end().connectedMillis()).isEqualTo(90_000);
    List<CallEvent.LegRefreshed> refreshed =
        market.events("call", call.callId(), CallEvent.LegRefreshed.class);
    assertThat(refreshed).anyMatch(e -> e.agentLeg() && e.onHold());
    assertThat(refreshed).anyMatch(e -> !e.agentLeg() && e.onHold());
    assertThat(refreshed.stream().filter(CallEvent.LegRefreshed::agentLeg).toList())
        .last()
        .extracting(CallEvent.LegRefreshed::onHold)
        .isEqualTo(false);
  }

  @Test
  @Tag("rule:QT-2")
  void a_caller_who_never_acknowledged_the_answer_was_not_connected_and_nobody_pays() {
    exchange.phones().phone("anna");
    try (RawSip caller = new RawSip(exchange.node().edge().orElseThrow().sipAddress())) {
      String sdp =
          """
          v=0\r
          o=- 1 1 IN IP4 127.0.0.1\r
          s=-\r
          c=IN IP4 127.0.0.1\r
          t=0 0\r
          m=audio 40000 RTP/AVP 0\r
          """;
      caller.send(
          sdp,
          "INVITE sip:" + Market.NUMBER + "@127.0.0.1 SIP/2.0",
          caller.via("mute"),
          "Max-Forwards: 70",
          "From: <sip:12125550123@127.0.0.1>;tag=mute",
          "To: <sip:" + Market.NUMBER + "@127.0.0.1>",
          "Contact: <sip:12125550123@127.0.0.1:" + caller.port() + ">",
          "Call-ID: mute",
          "CSeq: 1 INVITE",
          "Content-Type: application/sdp");
      assertThat(caller.awaitFinal()).startsWith("SIP/2.0 200 ");
      UaCall atPhone = exchange.phones().awaitRung(1);
      String callId = Telephones.callId(atPhone);
      market.awaitPhase(callId, CallState.Connected.class);
      exchange.edge().advance(Exchange.TIMER_MILLIS);

      CallState.Ended ended = exchange.hangUp(atPhone, callId);
      assertThat(ended.end().connectedMillis()).isZero();
      assertThat(ended.end().qualified()).isFalse();
      market.awaitNothingHeld("anna");
      assertThat(market.unitsLeft("anna")).isEqualTo(100);
    }
  }
}
