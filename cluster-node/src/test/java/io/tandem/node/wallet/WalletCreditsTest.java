package io.tandem.node.wallet;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.node.entity.PlayedEntity;
import io.tandem.node.wallet.WalletCommand.Credit;
import io.tandem.node.wallet.WalletCommand.Deposit;
import io.tandem.node.wallet.WalletCommand.Hold;
import io.tandem.persistence.journal.TimedId;
import io.tandem.persistence.money.Money;
import io.tandem.persistence.wallet.Balances;
import io.tandem.persistence.wallet.WalletEvent;
import io.tandem.persistence.wallet.WalletState;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** What approved disputes give back. */
class WalletCreditsTest {

  private final PlayedEntity<WalletCommand, WalletReply, WalletEvent, WalletState> wallet =
      new PlayedEntity<>(WalletRules.type(WalletSettings.DEFAULT), "acct_1:USD");

  @Test
  void a_credit_is_posted_once_however_often_it_comes_and_takes_nothing_from_holds() {
    wallet.ask(deposit("dep_1", 100));
    String call = TimedId.at("call", wallet.now());
    wallet.ask(new Hold(call + "/o1/hold", call, "o1", dollars(25)));
    Credit credit = credit(wallet.now(), 10);

    assertThat(wallet.ask(credit))
        .isEqualTo(new WalletReply.Credited(credit.creditId(), usd(85, 25), false));
    assertThat(wallet.ask(credit))
        .isEqualTo(new WalletReply.Credited(credit.creditId(), usd(85, 25), true));
    assertThat(wallet.events()).hasSize(3);
  }

  @Test
  void a_credit_with_other_content_of_nothing_or_without_a_time_is_refused() {
    Credit credit = credit(wallet.now(), 10);
    wallet.ask(credit);

    assertThat(wallet.ask(new Credit(credit.creditId(), credit.disputeId(), "call_1", dollars(11))))
        .isEqualTo(new WalletReply.Conflict(credit.creditId(), "amount"));
    assertThat(wallet.ask(new Credit(credit.creditId(), "dispute_2", "call_1", dollars(10))))
        .isEqualTo(new WalletReply.Conflict(credit.creditId(), "disputeId"));
    assertThat(wallet.ask(new Deposit(credit.creditId(), dollars(10), "operator", "test")))
        .isEqualTo(new WalletReply.Conflict(credit.creditId(), "source"));
    assertThat(wallet.ask(credit(wallet.now().plusMillis(1), 0)))
        .isInstanceOf(WalletReply.BadAmount.class);
    assertThat(wallet.ask(new Credit("c1", "dispute_1", "call_1", dollars(10))))
        .isInstanceOf(WalletReply.Invalid.class);
    assertThat(wallet.events()).hasSize(1);
  }

  @Test
  void a_credit_from_before_the_memory_is_refused_and_not_given_twice() {
    Credit old = credit(wallet.now(), 10);
    wallet.ask(old);
    wallet.advance(WalletState.MEMORY.plusSeconds(1));
    wallet.ask(deposit("dep_1", 1));

    assertThat(wallet.ask(old)).isEqualTo(new WalletReply.TooOld(old.creditId()));
    assertThat(wallet.state().balances()).isEqualTo(usd(11, 0));
  }

  private static Credit credit(Instant decidedAt, long dollars) {
    return new Credit(
        TimedId.bound("credit", decidedAt) + "/dispute_1", "dispute_1", "call_1", dollars(dollars));
  }

  private static Deposit deposit(String id, long dollars) {
    return new Deposit(id, dollars(dollars), "operator", "test");
  }

  private static Money dollars(long dollars) {
    return Money.ofUnits(dollars, "USD");
  }

  private static Balances usd(long available, long held) {
    return new Balances(available * Money.MICROS_PER_UNIT, held * Money.MICROS_PER_UNIT);
  }
}
