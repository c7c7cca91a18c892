package io.tandem.node.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.persistence.call.CallEvent;
import io.tandem.persistence.call.CallState;
import io.tandem.persistence.readmodel.EdgeHeartbeats;
import io.tandem.persistence.wallet.WalletEvent;
import io.tandem.protocol.sip.ua.CallEnd;
import io.tandem.protocol.sip.ua.UaCall;
import java.nio.file.Path;
import java.time.Instant;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A node goes away in the middle of a call without a word to anybody and comes back on its
 * database.
 */
class ProofOfLifeTest {
  @TempDir Path directory;

  /** A call of a caller that speaks, carried so long when its edge goes away. */
  private String carriedFor(long millis) {
    try (Exchange exchange = Exchange.open(directory);
        Voice voice = new Voice()) {
      exchange.market().agent("anna", 100);
      exchange.phones().phone("anna");
      Exchange.Connected call = exchange.connect(voice);
      exchange.edge().stall(millis);
      Instant bridged =
          exchange.market().awaitPhase(call.callId(), CallState.Connected.class).bridged().at();
      EdgeHeartbeats beats = new EdgeHeartbeats(exchange.node().stores().journal());
      Market.await(
          "the edge has vouched for it",
          () -> beats.all().stream().anyMatch(b -> !b.at().isBefore(bridged.plusMillis(millis))));
      assertThat(exchange.market().events("call", call.callId(), CallEvent.Ended.class)).isEmpty();
      return call.callId();
    }
  }

  @Test
  @Tag("rule:QT-5")
  void a_call_whose_edge_died_at_forty_seconds_ends_there_and_is_not_charged() {
    String callId = carriedFor(40_000);
    try (Exchange again = Exchange.open(directory)) {
      CallState.Ended ended = again.market().awaitPhase(callId, CallState.Ended.class);
      assertThat(ended.end().connectedMillis()).isBetween(39_000L, 41_000L);
      assertThat(ended.end().cause()).isEqualTo("EDGE_LOST");
      assertThat(ended.end().proof()).isNotNull();
      assertThat(ended.end().qualified()).isFalse();
      again.market().awaitNothingHeld("anna");
      assertThat(again.market().unitsLeft("anna")).isEqualTo(100);
      assertThat(again.market().audit().trialBalance(null).isZero()).isTrue();
    }
  }

  @Test
  @Tag("rule:QT-5")
  @Tag("rule:QT-4")
  void
      a_call_that_lived_past_the_timer_is_charged_once_though_its_edge_died_before_it_could_say_so() {
    String callId = carriedFor(95_000);
    try (Exchange again = Exchange.open(directory)) {
      CallState.Ended ended = again.market().awaitPhase(callId, CallState.Ended.class);
      assertThat(ended.end().connectedMillis()).isBetween(94_000L, 96_000L);
      assertThat(ended.end().qualified()).isTrue();
      again.market().awaitNothingHeld("anna");
      assertThat(again.market().unitsLeft("anna")).isEqualTo(75);
      assertThat(again.market().events("wallet", "acct-anna:USD", WalletEvent.Captured.class))
          .hasSize(1);
      assertThat(again.market().audit().verify().problems()).isEmpty();
    }
  }

  /** Its clock stands, so its heartbeat says nothing new: to all others it is dead. */
  private Exchange takenForDead() {
    return Exchange.open(
        Exchange.settings(directory, "tandem.edge.dead-after = 2 s"),
        UnaryOperator.identity(),
        Market.oneByOne());
  }

  @Test
  @Tag("rule:QT-5")
  void
      an_edge_that_was_taken_for_dead_but_lives_hangs_up_both_sides_of_a_call_that_ended_without_it() {
    try (Exchange exchange = takenForDead()) {
      exchange.market().agent("anna", 100);
      exchange.phones().phone("anna");
      Exchange.Connected call = exchange.connect();
      CallState.Ended ended = exchange.market().awaitPhase(call.callId(), CallState.Ended.class);
      assertThat(ended.end().cause()).isEqualTo("EDGE_LOST");
      assertThat(Telephones.within(call.caller().ended()).cause())
          .isEqualTo(CallEnd.Cause.HUNG_UP_THERE);
      assertThat(Telephones.within(call.agent().ended()).cause())
          .isEqualTo(CallEnd.Cause.HUNG_UP_THERE);
      exchange.market().awaitNothingHeld("anna");
    }
  }

  @Test
  @Tag("rule:QT-5")
  void and_one_that_still_rings_a_phone_stops_it_and_refuses_the_caller() {
    try (Exchange exchange = takenForDead()) {
      exchange.market().agent("anna", 100);
      exchange.phones().phone("anna", exchange.phones().ringing());
      UaCall caller = exchange.phones().call();
      UaCall atPhone = exchange.phones().awaitRung(1);
      assertThat(Telephones.within(caller.ended()).status()).isEqualTo(503);
      assertThat(Telephones.within(atPhone.ended()).cause()).isEqualTo(CallEnd.Cause.CANCELLED);
      exchange.market().awaitNothingHeld("anna");
    }
  }
}
