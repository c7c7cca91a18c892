package io.tandem.node.wallet;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.node.entity.PlayedEntity;
import io.tandem.node.entity.SeededIds;
import io.tandem.node.wallet.WalletCommand.Capture;
import io.tandem.node.wallet.WalletCommand.Deposit;
import io.tandem.node.wallet.WalletCommand.Hold;
import io.tandem.node.wallet.WalletCommand.Release;
import io.tandem.persistence.journal.TimedId;
import io.tandem.persistence.money.Money;
import io.tandem.persistence.wallet.WalletEvent;
import io.tandem.persistence.wallet.WalletState;
import io.tandem.persistence.wallet.WalletView;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Thousands of commands, many of them twice and out of order, held against a second, simpler
 * wallet. The seed is the test's parameter.
 */
class WalletModelTest {

  private static final int COMMANDS = 4_000;

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void whatever_comes_in_whatever_order_the_books_agree(long seed) {
    Random random = new Random(seed);
    WalletAuditor auditor = new WalletAuditor();
    var wallet = new PlayedEntity<>(WalletRules.type(WalletSettings.DEFAULT), "acct_1:USD");
    List<WalletCommand> sent = new ArrayList<>();
    List<String> calls = new ArrayList<>();
    for (int i = 0; i < COMMANDS; i++) {
      wallet.advance(Duration.ofMillis(random.nextInt(60_000)));
      WalletCommand command =
          !sent.isEmpty() && random.nextInt(4) == 0
              ? sent.get(random.nextInt(sent.size()))
              : fresh(random, wallet, calls);
      sent.add(command);
      int before = wallet.events().size();
      boolean expected = auditor.expects(command);

      WalletReply reply = wallet.ask(command);

      List<WalletEvent> events = wallet.events().subList(before, wallet.events().size());
      assertThat(events).as("%s → %s", command, reply).hasSize(expected ? 1 : 0);
      auditor.check(events, wallet.state());
      if (i % 500 == 0) {
        assertThat(wallet.snapshot()).isEqualTo(wallet.state());
      }
    }
    assertThat(wallet.replay("acct_1:USD")).isEqualTo(wallet.state());
    WalletView view = WalletView.initial("acct_1:USD");
    for (WalletEvent event : wallet.events()) {
      view = view.apply(event);
    }
    assertThat(view.balances()).isEqualTo(wallet.state().balances());
    assertThat(view.liveHolds()).isEqualTo(wallet.state().holds().size());
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {11, 12})
  void the_same_commands_give_the_same_wallet(long seed) {
    var one = new PlayedEntity<>(WalletRules.type(WalletSettings.DEFAULT), "acct_1:USD");
    List<String> calls = new ArrayList<>();
    Random random = new Random(seed);
    var other = new PlayedEntity<>(WalletRules.type(WalletSettings.DEFAULT), "acct_1:USD");
    for (int i = 0; i < 1_000; i++) {
      one.advance(Duration.ofMillis(random.nextInt(60_000)));
      other.clock(one.now());
      WalletCommand command = fresh(random, one, calls);
      assertThat(one.ask(command)).isEqualTo(other.ask(command));
    }
    assertThat(one.state()).isEqualTo(other.state());
    assertThat(one.events()).isEqualTo(other.events());
  }

  private static WalletCommand fresh(
      Random random,
      PlayedEntity<WalletCommand, WalletReply, WalletEvent, WalletState> wallet,
      List<String> calls) {
    if (calls.isEmpty() || random.nextInt(3) == 0) {
      calls.add(new SeededIds(random).at("call", wallet.now()));
    }
    // mostly a recent call; its price, offers and crossing follow from the call, as the call entity
    // sends them
    int back = Math.min(calls.size(), 1 + (int) Math.abs(random.nextGaussian() * 6));
    int index = calls.size() - back;
    String call = calls.get(index);
    Money price = new Money(1_000_000L * (1 + index % 30), "USD");
    String offer = "o" + (1 + random.nextInt(2));
    String holdId = call + "/" + offer + "/hold";
    return switch (random.nextInt(10)) {
      case 0 ->
          new Deposit(
              new SeededIds(random).at("dep", wallet.now()),
              new Money(1 + random.nextInt(40_000_000), "USD"),
              "operator",
              "");
      case 1, 2, 3, 4 -> new Hold(holdId, call, offer, price);
      case 5, 6 ->
          new Capture(
              call + "/o1/hold", call, price, TimedId.timeOf(call).orElseThrow().plusSeconds(90));
      default -> new Release(holdId, call, "NO_ANSWER");
    };
  }
}
