package io.tandem.node.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.persistence.call.CallState;
import io.tandem.protocol.sip.message.HeaderField;
import io.tandem.protocol.sip.message.SipRequest;
import io.tandem.protocol.sip.ua.CallEnd;
import io.tandem.protocol.sip.ua.UaAnswer;
import io.tandem.protocol.sip.ua.UaCall;
import io.tandem.protocol.sip.ua.UserAgent;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Sessions that are refreshed, or not, and sides that change them at the same time. */
class SessionsOverSipTest extends OneLine {
  /** RFC 4028 10: BYE min(32 s, a third) before the interval ends. */
  @Test
  void a_caller_that_undertook_to_refresh_and_does_not_is_hung_up_at_the_time() {
    UaCall caller =
        exchange
            .phones()
            .callFrom(
                Market.CALLER,
                List.of(
                    HeaderField.of("Supported", "timer"),
                    HeaderField.of("Session-Expires", "1800;refresher=uac")));
    Exchange.Connected call = exchange.connected(0, caller);
    exchange.edge().advance(1_767_999);
    assertThat(exchange.node().edge().orElseThrow().edge().activeCalls()).isEqualTo(1);
    exchange.edge().advance(1);

    assertThat(Telephones.within(caller.ended()).cause()).isEqualTo(CallEnd.Cause.HUNG_UP_THERE);
    assertThat(Telephones.within(call.agent().ended()).cause())
        .isEqualTo(CallEnd.Cause.HUNG_UP_THERE);
    CallState.Ended ended = exchange.market().awaitPhase(call.callId(), CallState.Ended.class);
    assertThat(ended.end().cause()).isEqualTo("SESSION_EXPIRED");
    assertThat(ended.end().connectedMillis()).isEqualTo(1_768_000);
  }

  /** RFC 4028 9: the caller leaves it to us, and hears of us in the middle of each interval. */
  @Test
  void a_caller_that_leaves_the_refreshing_to_us_is_refreshed_and_the_call_outlives_its_interval() {
    UaCall caller =
        exchange
            .phones()
            .callFrom(
                Market.CALLER,
                List.of(
                    HeaderField.of("Supported", "timer"),
                    HeaderField.of("Session-Expires", "1800;refresher=uas")));
    Exchange.Connected call = exchange.connected(0, caller);
    for (int refreshes = 1; refreshes <= 3; refreshes++) {
      int heard = refreshes;
      exchange.edge().advance(900_000);
      Market.await("it is refreshed", () -> refreshes(caller) == heard);
      // and its answer is here before the next one is due
      UaAnswer after = Telephones.within(caller.request(SipRequest.INFO, "text/plain", "x"));
      assertThat(after.status()).isEqualTo(200);
    }
    assertThat(caller.state()).isEqualTo(UaCall.State.ANSWERED);
    exchange.hangUp(caller, call.callId());
  }

  private static long refreshes(UaCall caller) {
    return caller.heard().stream()
        .filter(request -> request.is(SipRequest.UPDATE))
        .filter(request -> request.header("Session-Expires") != null)
        .count();
  }

  /** The agent's phone knows no session timers: we ask it twice an interval whether it is there. */
  @Test
  void a_phone_that_forgot_the_call_is_noticed_by_the_refresh() {
    Telephones callers = new Telephones(exchange.node().edge().orElseThrow().sipAddress());
    try (callers) {
      UaCall caller = callers.call();
      Exchange.Connected call = exchange.connected(0, caller);
      exchange.edge().advance(900_000);
      Market.await("it was asked", () -> refreshes(call.agent()) == 1);
      // and its answer is here before it forgets
      UaAnswer alive = Telephones.within(call.agent().request(SipRequest.UPDATE, "text/plain", ""));
      assertThat(alive.status()).isEqualTo(200);

      UserAgent phone = exchange.phones().agent();
      Telephones.within(CompletableFuture.runAsync(phone::abandon, phone.loop()));
      exchange.edge().advance(1_000_000);
      assertThat(Telephones.within(caller.ended()).cause()).isEqualTo(CallEnd.Cause.HUNG_UP_THERE);
      CallState.Ended ended = exchange.market().awaitPhase(call.callId(), CallState.Ended.class);
      assertThat(ended.end().cause()).isEqualTo("PEER_GONE");
    }
  }

  @Test
  @Tag("rule:QT-6")
  void two_sides_that_hold_at_the_same_time_both_get_their_way_after_the_wait() {
    Exchange.Connected call = exchange.connect();
    CompletableFuture<UaAnswer> byCaller = call.caller().hold();
    CompletableFuture<UaAnswer> byAgent = call.agent().hold();
    assertThat(Telephones.within(byCaller).status()).isEqualTo(200);
    assertThat(Telephones.within(byAgent).status()).isEqualTo(200);
    exchange.edge().advance(Exchange.TIMER_MILLIS);
    exchange.market().awaitNothingHeld("anna");
    assertThat(exchange.market().unitsLeft("anna")).isEqualTo(75);
  }
}
