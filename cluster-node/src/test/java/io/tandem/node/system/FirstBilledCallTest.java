package io.tandem.node.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.persistence.call.CallState;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From INVITE to charge on a node of its own, over real sockets. */
class FirstBilledCallTest {
  @TempDir Path directory;

  private Exchange exchange;
  private Market market;

  @BeforeEach
  void start() {
    exchange = Exchange.open(directory);
    market = exchange.market();
    market.agent("anna", 100);
    exchange.phones().phone("anna");
  }

  @AfterEach
  void stop() {
    exchange.close();
  }

  @Test
  @Tag("rule:QT-4")
  void the_wallet_moves_while_both_legs_are_up_and_the_bye_changes_nothing() {
    Exchange.Connected call = exchange.connect();
    assertThat(market.wallet("anna").balances().heldMicros()).isEqualTo(Exchange.PRICE.micros());

    exchange.edge().advance(Exchange.TIMER_MILLIS);
    market.awaitNothingHeld("anna");
    assertThat(market.unitsLeft("anna")).isEqualTo(75);
    assertThat(call.caller().ended()).isNotDone();
    assertThat(call.agent().ended()).isNotDone();

    CallState.Ended ended = exchange.hangUp(call.caller(), call.callId());
    assertThat(ended.end().charge()).isEqualTo(Exchange.PRICE);
    assertThat(market.unitsLeft("anna")).isEqualTo(75);
    assertThat(market.audit().trialBalance(null).isZero()).isTrue();
    assertThat(market.audit().verify().problems()).isEmpty();
  }
}
