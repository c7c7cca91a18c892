package io.tandem.node.system;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.ActorNotFound;
import akka.actor.ActorSelection;
import akka.actor.typed.javadsl.Adapter;
import io.tandem.node.wallet.WalletCommand;
import io.tandem.persistence.journal.TimedId;
import io.tandem.persistence.wallet.WalletEvent;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A hold outlives its call, its wallet's memory and the node: it comes back all the same. */
class OldHoldTest {
  @TempDir Path directory;

  private final LeapingClock clock = new LeapingClock();

  @AfterEach
  void stop() {
    clock.close();
  }

  private Exchange open(String... more) {
    return Exchange.open(
        Exchange.settings(directory, more),
        parts -> parts.withHostClock(clock, (system, wall) -> clock),
        Market.oneByOne());
  }

  private static void holdForNobody(Market market) {
    String callId = TimedId.next("call");
    var unused =
        market.ask(
            "wallet",
            "acct-anna:USD",
            new WalletCommand.Hold(callId + "/o1/hold", callId, "o1", Exchange.PRICE));
    assertThat(market.wallet("anna").balances().heldMicros()).isEqualTo(Exchange.PRICE.micros());
  }

  private static void awaitPassivated(Exchange exchange) {
    ActorSelection wallet =
        Adapter.toClassic(exchange.node().system())
            .actorSelection("/system/sharding/wallet/*/acct-anna:USD");
    Market.await(
        "the wallet left memory",
        () ->
            wallet
                .resolveOne(Duration.ofSeconds(1))
                .handle((found, none) -> none instanceof ActorNotFound)
                .toCompletableFuture()
                .join());
  }

  /** From the journal alone: asking the wallet would wake it. */
  private static void awaitReleased(Market market) {
    Market.await(
        "the hold came back",
        () -> !market.events("wallet", "acct-anna:USD", WalletEvent.Released.class).isEmpty());
    WalletEvent.Released released =
        market.events("wallet", "acct-anna:USD", WalletEvent.Released.class).getFirst();
    assertThat(released.reason()).isNotBlank();
    assertThat(released.amount()).isEqualTo(Exchange.PRICE);
    assertThat(released.after().heldMicros()).isZero();
  }

  @Test
  @Tag("rule:WAL-3")
  void a_hold_whose_call_is_gone_comes_back_after_two_hours_and_not_before() {
    try (Exchange exchange = open()) {
      exchange.market().agent("anna", 100);
      holdForNobody(exchange.market());
      clock.leap(Duration.ofMinutes(119));
      assertThat(exchange.market().wallet("anna").balances().heldMicros())
          .isEqualTo(Exchange.PRICE.micros());
      clock.leap(Duration.ofMinutes(1));
      awaitReleased(exchange.market());
    }
  }

  @Test
  @Tag("rule:WAL-3")
  void also_when_the_node_was_down_when_its_time_came_and_nobody_asks_for_the_wallet() {
    try (Exchange exchange = open()) {
      exchange.market().agent("anna", 100);
      holdForNobody(exchange.market());
    }
    clock.leap(Duration.ofHours(2));
    try (Exchange again = open()) {
      awaitReleased(again.market());
      assertThat(again.market().audit().trialBalance(null).isZero()).isTrue();
    }
  }

  @Test
  @Tag("rule:WAL-3")
  void also_when_its_wallet_had_left_memory_before_the_node_went_down() {
    try (Exchange exchange = open("tandem.cluster.idle = 1 s")) {
      exchange.market().agent("anna", 100);
      holdForNobody(exchange.market());
      awaitPassivated(exchange);
    }
    clock.leap(Duration.ofHours(2));
    try (Exchange again = open()) {
      awaitReleased(again.market());
      assertThat(again.market().audit().trialBalance(null).isZero()).isTrue();
    }
  }

  @Test
  @Tag("rule:WAL-3")
  void also_when_its_wallet_left_memory_and_the_node_runs_on() {
    try (Exchange exchange = open("tandem.cluster.idle = 1 s")) {
      exchange.market().agent("anna", 100);
      holdForNobody(exchange.market());
      awaitPassivated(exchange);
      clock.leap(Duration.ofMinutes(119));
      assertThat(exchange.market().events("wallet", "acct-anna:USD", WalletEvent.Released.class))
          .isEmpty();
      clock.leap(Duration.ofMinutes(1));
      awaitReleased(exchange.market());
    }
  }
}
