package io.tandem.node.journaled;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.node.entity.Command;
import io.tandem.node.entity.EntityKey;
import io.tandem.node.entity.Reply;
import io.tandem.node.entity.host.HostNode;
import io.tandem.node.wallet.WalletCommand;
import io.tandem.node.wallet.WalletCommand.Capture;
import io.tandem.node.wallet.WalletCommand.Deposit;
import io.tandem.node.wallet.WalletCommand.Hold;
import io.tandem.node.wallet.WalletCommand.Release;
import io.tandem.node.wallet.WalletReply;
import io.tandem.persistence.audit.Audit.Step;
import io.tandem.persistence.audit.TrialBalance;
import io.tandem.persistence.database.Databases;
import io.tandem.persistence.money.LedgerAccount;
import io.tandem.persistence.money.Money;
import io.tandem.persistence.wallet.WalletEvent;
import io.tandem.persistence.wallet.WalletState;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What the journal shows of wallets after everything came at once, twice, late and in the wrong
 * order.
 */
@ParameterizedClass
@EnumSource(
    value = Databases.class,
    names = {"H2_FILE", "POSTGRESQL"})
class WalletJournalTest {

  private static final EntityKey WALLET = new EntityKey("wallet", "acct_1:USD");

  @Parameter Databases kind;
  private JournaledNouns nouns;

  @BeforeEach
  void open() {
    nouns = JournaledNouns.on(kind);
  }

  @AfterEach
  void close() {
    nouns.close();
  }

  @Test
  @Tag("rule:WAL-1")
  void a_wallet_counts_millionths_of_its_one_currency() {
    nouns.ask(WALLET, new Deposit("dep_1", new Money(1, "USD"), "operator", "test"));
    Reply euros = nouns.ask(WALLET, new Deposit("dep_2", new Money(1, "EUR"), "operator", "test"));

    assertThat(euros).isEqualTo(new WalletReply.WrongCurrency("EUR", "USD"));
    assertThat(nouns.events(WALLET, WalletEvent.class))
        .singleElement()
        .satisfies(event -> assertThat(event.after().availableMicros()).isEqualTo(1));
  }

  @Test
  @Tag("rule:WAL-2")
  void two_hundred_calls_race_for_money_that_covers_one_and_one_wins() {
    deposit(25);
    List<Hold> holds = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      Hold hold = hold(nouns.id("call"), 25);
      holds.add(hold);
      holds.add(hold);
    }
    Collections.shuffle(holds, new Random(1));

    List<Reply> replies = nouns.askAll(WALLET, holds);

    assertThat(replies)
        .filteredOn(WalletReply.Held.class::isInstance)
        .hasSize(2); // one, and its double
    assertThat(nouns.events(WALLET, WalletEvent.Held.class)).hasSize(1);
    for (Step step : nouns.history(WALLET)) {
      assertThat(((WalletState) step.state()).balances().availableMicros()).isNotNegative();
    }
  }

  @Test
  @Tag("rule:WAL-3")
  void every_hold_ends_in_exactly_one_way_and_no_call_is_charged_twice() {
    deposit(10_000);
    Random random = new Random(2);
    List<Command> all = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      String call = nouns.id("call");
      Hold hold = hold(call, 25);
      nouns.ask(WALLET, hold);
      Command end =
          random.nextBoolean()
              ? capture(call, 20, nouns.now())
              : new Release(hold.holdId(), call, "NO_ANSWER");
      all.addAll(List.of(hold, end, end, end));
    }
    Collections.shuffle(all, random);

    nouns.askAll(WALLET, all);

    Map<String, Integer> ends = new HashMap<>();
    Map<String, Integer> charges = new HashMap<>();
    for (WalletEvent event : nouns.events(WALLET, WalletEvent.class)) {
      switch (event) {
        case WalletEvent.Captured e -> {
          ends.merge(e.holdId(), 1, Integer::sum);
          charges.merge(e.callId(), 1, Integer::sum);
        }
        case WalletEvent.Released e -> ends.merge(e.holdId(), 1, Integer::sum);
        default -> {
          // begins something
        }
      }
    }
    assertThat(ends).hasSize(100).allSatisfy((hold, times) -> assertThat(times).isOne());
    assertThat(charges).allSatisfy((call, times) -> assertThat(times).isOne());
    assertThat(last().balances().heldMicros()).isZero();
    assertThat(last().balances().availableMicros())
        .isEqualTo((10_000 - 20L * charges.size()) * Money.MICROS_PER_UNIT);
  }

  @Test
  @Tag("rule:WAL-3")
  void
      a_hold_of_two_hours_asks_its_call_and_is_released_with_the_reason_and_a_late_capture_is_posted() {
    deposit(25);
    String call = nouns.id("call");
    nouns.ask(WALLET, hold(call, 25));
    Instant earnedAt = nouns.now().plusSeconds(90);
    nouns.advance(WALLET, new WalletCommand.Read(), Duration.ofHours(2).minusMillis(1));
    assertThat(nouns.events(WALLET, WalletEvent.Released.class)).isEmpty();

    nouns.clock().advance(Duration.ofMillis(1));
    nouns.await("released", () -> !nouns.events(WALLET, WalletEvent.Released.class).isEmpty());
    nouns.ask(WALLET, capture(call, 25, earnedAt));

    WalletEvent.Released released = nouns.events(WALLET, WalletEvent.Released.class).getFirst();
    assertThat(released.reason()).isEqualTo("NO_SUCH_CALL");
    assertThat(released.at()).isEqualTo(HostNode.START.plus(Duration.ofHours(2)));
    WalletEvent.Captured late = nouns.events(WALLET, WalletEvent.Captured.class).getFirst();
    assertThat(late.late()).isTrue();
    assertThat(late.earnedAt()).isEqualTo(earnedAt);
    assertThat(late.at()).isEqualTo(nouns.now());
    assertThat(late.after().availableMicros()).isZero();
  }

  @Test
  @Tag("rule:WAL-5")
  void the_trial_balance_is_zero_at_every_instant_and_currencies_never_meet() {
    Random random = new Random(3);
    for (int i = 0; i < 120; i++) {
      nouns.clock().advance(Duration.ofSeconds(1));
      String currency = random.nextBoolean() ? "USD" : "EUR";
      EntityKey wallet = new EntityKey("wallet", "acct_" + random.nextInt(3) + ":" + currency);
      Money price = Money.ofUnits(1 + random.nextInt(30), currency);
      String call = nouns.id("call");
      String hold = call + "/o1/hold";
      nouns.send(wallet, new Deposit(nouns.id("dep"), price, "operator", "test"));
      nouns.send(wallet, new Hold(hold, call, "o1", price));
      nouns.ask(
          wallet,
          random.nextInt(3) > 0
              ? new Capture(hold, call, price, nouns.now())
              : new Release(hold, call, "x"));
    }

    for (int second = 0; second <= 120; second += 5) {
      TrialBalance then = nouns.audit().trialBalance(HostNode.START.plusSeconds(second));
      assertThat(then.isZero()).as("after %d s", second).isTrue();
      assertThat(then.unbalanced()).isEmpty();
    }
    Map<String, Map<LedgerAccount, BigInteger>> sums = nouns.audit().trialBalance(null).sums();
    assertThat(sums).containsOnlyKeys("USD", "EUR");
    assertThat(sums.get("USD").get(LedgerAccount.REVENUE)).isPositive();
    assertThat(nouns.audit().verify().isSound()).isTrue();
  }

  private void deposit(long dollars) {
    nouns.ask(
        WALLET, new Deposit(nouns.id("dep"), Money.ofUnits(dollars, "USD"), "operator", "test"));
  }

  private static Hold hold(String call, long dollars) {
    return new Hold(call + "/o1/hold", call, "o1", Money.ofUnits(dollars, "USD"));
  }

  private static Capture capture(String call, long dollars, Instant earnedAt) {
    return new Capture(call + "/o1/hold", call, Money.ofUnits(dollars, "USD"), earnedAt);
  }

  private WalletState last() {
    return (WalletState) nouns.history(WALLET).getLast().state();
  }
}
