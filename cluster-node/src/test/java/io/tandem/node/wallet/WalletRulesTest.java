package io.tandem.node.wallet;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.node.call.CallCommand;
import io.tandem.node.call.CallReply;
import io.tandem.node.entity.Effect;
import io.tandem.node.entity.EntityKey;
import io.tandem.node.entity.PlayedEntity;
import io.tandem.node.wallet.WalletCommand.Capture;
import io.tandem.node.wallet.WalletCommand.Deposit;
import io.tandem.node.wallet.WalletCommand.Hold;
import io.tandem.node.wallet.WalletCommand.KeepHold;
import io.tandem.node.wallet.WalletCommand.Release;
import io.tandem.persistence.journal.TimedId;
import io.tandem.persistence.money.Money;
import io.tandem.persistence.wallet.Balances;
import io.tandem.persistence.wallet.WalletEvent;
import io.tandem.persistence.wallet.WalletState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class WalletRulesTest {

  private final PlayedEntity<WalletCommand, WalletReply, WalletEvent, WalletState> wallet =
      new PlayedEntity<>(WalletRules.type(WalletSettings.DEFAULT), "acct_1:USD");

  // ---- deposits

  @Test
  void a_deposit_is_posted_once_however_often_it_comes() {
    Deposit deposit = deposit("dep_1", 100);

    assertThat(wallet.ask(deposit))
        .isEqualTo(new WalletReply.Deposited("dep_1", usd(100, 0), false));
    assertThat(wallet.ask(deposit))
        .isEqualTo(new WalletReply.Deposited("dep_1", usd(100, 0), true));
    assertThat(wallet.events()).hasSize(1);
  }

  @Test
  void the_same_deposit_id_with_other_content_is_a_conflict_that_names_the_field() {
    wallet.ask(deposit("dep_1", 100));

    assertThat(wallet.ask(deposit("dep_1", 101)))
        .isEqualTo(new WalletReply.Conflict("dep_1", "amount"));
    assertThat(wallet.ask(new Deposit("dep_1", dollars(100), "card", "test")))
        .isEqualTo(new WalletReply.Conflict("dep_1", "source"));
    assertThat(wallet.ask(new Deposit("dep_1", dollars(100), "operator", "other")))
        .isEqualTo(new WalletReply.Conflict("dep_1", "reason"));
  }

  @Test
  void a_deposit_of_nothing_or_of_another_currency_is_refused() {
    assertThat(wallet.ask(deposit("dep_1", 0))).isInstanceOf(WalletReply.BadAmount.class);
    assertThat(wallet.ask(deposit("dep_1", -1))).isInstanceOf(WalletReply.BadAmount.class);
    assertThat(wallet.ask(new Deposit("dep_1", Money.ofUnits(1, "EUR"), "operator", "test")))
        .isEqualTo(new WalletReply.WrongCurrency("EUR", "USD"));
    assertThat(wallet.ask(deposit(" ", 1))).isInstanceOf(WalletReply.Invalid.class);
    assertThat(wallet.events()).isEmpty();
  }

  @Test
  void a_deposit_that_would_overflow_is_refused() {
    wallet.ask(new Deposit("dep_1", new Money(Long.MAX_VALUE - 5, "USD"), "operator", "test"));
    String call = call();
    wallet.ask(new Hold(call + "/o1/hold", call, "o1", dollars(1)));

    assertThat(wallet.ask(new Deposit("dep_2", new Money(6, "USD"), "operator", "test")))
        .isInstanceOf(WalletReply.BadAmount.class);
    assertThat(wallet.ask(new Deposit("dep_2", new Money(5, "USD"), "operator", "test")))
        .isInstanceOf(WalletReply.Deposited.class);
  }

  @Test
  void an_id_that_names_no_currency_is_no_wallet_and_breaks_nothing() {
    var nowhere = new PlayedEntity<>(WalletRules.type(WalletSettings.DEFAULT), "acct_1");
    String call = call();

    assertThat(nowhere.ask(deposit("dep_1", 1))).isInstanceOf(WalletReply.Invalid.class);
    assertThat(nowhere.ask(release(call, "o1"))).isInstanceOf(WalletReply.Invalid.class);
    assertThat(nowhere.ask(new WalletCommand.Read())).isInstanceOf(WalletReply.View.class);
  }

  // ---- holds

  @Test
  void a_hold_never_exceeds_the_available_balance() {
    wallet.ask(deposit("dep_1", 25));
    String call = call();

    assertThat(wallet.ask(hold(call, "o1", 26)))
        .isEqualTo(new WalletReply.InsufficientFunds(dollars(25), dollars(26)));
    assertThat(wallet.ask(hold(call, "o1", 25)))
        .isEqualTo(new WalletReply.Held(call + "/o1/hold", usd(0, 25), false));
  }

  @Test
  void of_two_calls_that_race_for_the_last_cent_one_wins() {
    wallet.ask(deposit("dep_1", 25));

    assertThat(wallet.ask(hold(call(), "o1", 25))).isInstanceOf(WalletReply.Held.class);
    assertThat(wallet.ask(hold(call(), "o1", 25)))
        .isEqualTo(new WalletReply.InsufficientFunds(dollars(0), dollars(25)));
  }

  @Test
  void a_hold_that_comes_again_is_already_done_and_with_other_content_a_conflict() {
    wallet.ask(deposit("dep_1", 100));
    String call = call();
    wallet.ask(hold(call, "o1", 25));

    assertThat(wallet.ask(hold(call, "o1", 25)))
        .isEqualTo(new WalletReply.Held(call + "/o1/hold", usd(75, 25), true));
    assertThat(wallet.ask(hold(call, "o1", 24)))
        .isEqualTo(new WalletReply.Conflict(call + "/o1/hold", "amount"));
    assertThat(wallet.ask(new Hold(call + "/o1/hold", call, "o2", dollars(25))))
        .isEqualTo(new WalletReply.Conflict(call + "/o1/hold", "offerId"));
  }

  @Test
  void a_hold_whose_id_does_not_come_from_its_call_is_refused() {
    wallet.ask(deposit("dep_1", 100));
    String call = call();

    assertThat(wallet.ask(new Hold(call() + "/o1/hold", call, "o1", dollars(1))))
        .isInstanceOf(WalletReply.Invalid.class);
    assertThat(wallet.ask(new Hold("c1/o1/hold", "c1", "o1", dollars(1))))
        .isInstanceOf(WalletReply.Invalid.class);
  }

  // ---- captures

  @Test
  void a_capture_takes_the_whole_hold() {
    wallet.ask(deposit("dep_1", 100));
    String call = call();
    wallet.ask(hold(call, "o1", 25));

    assertThat(wallet.ask(capture(call, "o1", 25)))
        .isEqualTo(new WalletReply.Captured(call, dollars(25), false, usd(75, 0), false));
    assertThat(wallet.state().holds()).isEmpty();
    assertThat(wallet.deadline()).isNull();
  }

  @Test
  void a_capture_of_a_part_gives_the_rest_back() {
    wallet.ask(deposit("dep_1", 100));
    String call = call();
    wallet.ask(hold(call, "o1", 25));

    assertThat(wallet.ask(capture(call, "o1", 10)))
        .isEqualTo(new WalletReply.Captured(call, dollars(10), false, usd(90, 0), false));
  }

  @Test
  void a_capture_of_more_than_was_held_is_refused() {
    wallet.ask(deposit("dep_1", 100));
    String call = call();
    wallet.ask(hold(call, "o1", 25));

    assertThat(wallet.ask(capture(call, "o1", 26))).isInstanceOf(WalletReply.BadAmount.class);
    wallet.ask(release(call, "o1"));
    assertThat(wallet.ask(capture(call, "o1", 26))).isInstanceOf(WalletReply.BadAmount.class);
  }

  @Test
  void a_call_is_captured_once_at_most_from_whichever_hold() {
    wallet.ask(deposit("dep_1", 100));
    String call = call();
    wallet.ask(hold(call, "o1", 25));
    wallet.ask(hold(call, "o2", 25));
    Capture capture = capture(call, "o1", 25);
    wallet.ask(capture);

    assertThat(wallet.ask(capture))
        .isEqualTo(new WalletReply.Captured(call, dollars(25), false, usd(50, 25), true));
    assertThat(wallet.ask(capture(call, "o2", 25)))
        .isEqualTo(new WalletReply.Conflict(call, "holdId"));
    assertThat(wallet.ask(capture(call, "o1", 24)))
        .isEqualTo(new WalletReply.Conflict(call, "amount"));
    assertThat(wallet.ask(new Capture(capture.holdId(), call, dollars(25), Instant.EPOCH)))
        .isEqualTo(new WalletReply.Conflict(call, "earnedAt"));
    assertThat(wallet.ask(release(call, "o1")))
        .isEqualTo(new WalletReply.HoldEnded(call + "/o1/hold", "captured"));
    assertThat(wallet.ask(hold(call, "o3", 1)))
        .isEqualTo(new WalletReply.HoldEnded(call + "/o3/hold", "captured"));
    assertThat(wallet.ask(release(call, "o2")))
        .isEqualTo(new WalletReply.Released(call + "/o2/hold", usd(75, 0), false));
  }

  @Test
  void a_capture_that_arrives_after_the_hold_was_released_is_posted_late_even_below_zero() {
    wallet.ask(deposit("dep_1", 25));
    String call = call();
    wallet.ask(hold(call, "o1", 25));
    wallet.ask(release(call, "o1"));
    wallet.ask(hold(call(), "o1", 20));
    Instant earnedAt = wallet.now();
    wallet.advance(Duration.ofMinutes(5));

    assertThat(wallet.ask(new Capture(call + "/o1/hold", call, dollars(25), earnedAt)))
        .isEqualTo(new WalletReply.Captured(call, dollars(25), true, usd(-20, 20), false));
    WalletEvent.Captured booked = (WalletEvent.Captured) wallet.lastEvent();
    assertThat(booked.earnedAt()).isEqualTo(earnedAt);
    assertThat(booked.at()).isEqualTo(earnedAt.plus(Duration.ofMinutes(5)));
    assertThat(wallet.ask(hold(call(), "o1", 1)))
        .isEqualTo(new WalletReply.InsufficientFunds(dollars(-20), dollars(1)));
  }

  @Test
  void nanoseconds_of_an_attested_instant_make_no_conflict_after_a_recovery() {
    wallet.ask(deposit("dep_1", 25));
    String call = call();
    wallet.ask(hold(call, "o1", 25));
    Capture capture =
        new Capture(call + "/o1/hold", call, dollars(25), wallet.now().plusNanos(123_456_789));
    wallet.ask(capture);

    assertThat(wallet.replay("acct_1:USD")).isEqualTo(wallet.state());
    assertThat(wallet.ask(capture))
        .isEqualTo(new WalletReply.Captured(call, dollars(25), false, usd(0, 0), true));
  }

  // ---- releases

  @Test
  void a_release_gives_the_hold_back_once() {
    wallet.ask(deposit("dep_1", 25));
    String call = call();
    wallet.ask(hold(call, "o1", 25));

    assertThat(wallet.ask(release(call, "o1")))
        .isEqualTo(new WalletReply.Released(call + "/o1/hold", usd(25, 0), false));
    assertThat(wallet.ask(release(call, "o1")))
        .isEqualTo(new WalletReply.Released(call + "/o1/hold", usd(25, 0), true));
    assertThat(wallet.ask(hold(call, "o1", 25)))
        .isEqualTo(new WalletReply.HoldEnded(call + "/o1/hold", "released"));
  }

  @Test
  void a_release_that_overtakes_its_hold_forestalls_it() {
    wallet.ask(deposit("dep_1", 25));
    String call = call();

    assertThat(wallet.ask(release(call, "o1")))
        .isEqualTo(new WalletReply.Released(call + "/o1/hold", usd(25, 0), false));
    assertThat(wallet.ask(hold(call, "o1", 25)))
        .isEqualTo(new WalletReply.HoldEnded(call + "/o1/hold", "released"));
    assertThat(wallet.ask(hold(call, "o2", 25))).isInstanceOf(WalletReply.Held.class);
  }

  // ---- age

  @Test
  void a_hold_of_two_hours_asks_its_call_and_stays_while_it_is_needed() {
    wallet.ask(deposit("dep_1", 25));
    String call = call();
    wallet.ask(hold(call, "o1", 25));
    Instant due = wallet.now().plus(Duration.ofHours(2));
    assertThat(wallet.deadline()).isEqualTo(due);
    wallet.clock(due.minusMillis(1));
    assertThat(wallet.effects()).isEmpty();

    wallet.clock(due);
    wallet.ask(new WalletCommand.Wake());
    Effect.Ask inquiry = (Effect.Ask) wallet.effects().getFirst();
    assertThat(inquiry.target()).isEqualTo(new EntityKey("call", call));
    assertThat(inquiry.command()).isEqualTo(new CallCommand.HoldInquiry(call + "/o1/hold"));
    assertThat(wallet.state().balances()).isEqualTo(usd(0, 25));

    wallet.answered(inquiry, new CallReply.StillNeeded());
    assertThat(wallet.effects()).isEmpty();
    assertThat(wallet.deadline()).isEqualTo(due.plus(Duration.ofHours(2)));
    wallet.clock(due.plus(Duration.ofHours(2)));
    assertThat(wallet.effects())
        .singleElement()
        .satisfies(e -> assertThat(e.id()).isNotEqualTo(inquiry.id()));
  }

  @Test
  void an_old_hold_that_its_call_does_not_need_is_released_with_the_reason() {
    wallet.ask(deposit("dep_1", 25));
    wallet.ask(hold(call(), "o1", 25));
    wallet.advance(Duration.ofHours(2));

    wallet.answered(wallet.effects().getFirst(), new CallReply.NotNeeded("ENDED"));

    assertThat(wallet.state().balances()).isEqualTo(usd(25, 0));
    assertThat(((WalletEvent.Released) wallet.lastEvent()).reason()).isEqualTo("ENDED");
    assertThat(wallet.deadline()).isNull();
  }

  @Test
  void an_old_hold_of_a_call_that_nobody_knows_is_released() {
    wallet.ask(deposit("dep_1", 25));
    wallet.ask(hold(call(), "o1", 25));
    wallet.advance(Duration.ofHours(2));

    wallet.answered(wallet.effects().getFirst(), new CallReply.Unknown());

    assertThat(wallet.state().balances()).isEqualTo(usd(25, 0));
  }

  @Test
  void keeping_a_hold_that_is_not_due_or_not_there_changes_nothing() {
    wallet.ask(deposit("dep_1", 25));
    String call = call();
    wallet.ask(hold(call, "o1", 25));

    assertThat(wallet.ask(new KeepHold(call + "/o1/hold")))
        .isEqualTo(new WalletReply.Kept(call + "/o1/hold"));
    assertThat(wallet.ask(new KeepHold("x"))).isInstanceOf(WalletReply.HoldEnded.class);
    assertThat(wallet.events()).hasSize(2);
  }

  @Test
  void only_so_many_calls_are_asked_at_the_same_time_and_the_oldest_first() {
    wallet.ask(deposit("dep_1", 1_000));
    String oldest = call();
    wallet.ask(hold(oldest, "o1", 1));
    wallet.advance(Duration.ofSeconds(1));
    for (int i = 0; i < 200; i++) {
      wallet.ask(hold(call(), "o1", 1));
    }
    wallet.advance(Duration.ofHours(3));

    List<Effect> asked = wallet.effects();
    assertThat(asked).hasSize(50);
    assertThat(((Effect.Ask) asked.getFirst()).target().id()).isEqualTo(oldest);
  }

  // ---- memory

  @Test
  void what_was_done_within_a_week_is_known_and_what_is_older_is_refused() {
    wallet.ask(new Deposit(TimedId.at("dep", wallet.now()), dollars(100), "operator", "test"));
    String call = call();
    wallet.ask(hold(call, "o1", 25));
    Capture capture = capture(call, "o1", 25);
    wallet.ask(capture);
    String never = call();
    wallet.advance(Duration.ofDays(6));
    wallet.ask(deposit("dep_2", 1));

    assertThat(wallet.ask(capture))
        .isEqualTo(new WalletReply.Captured(call, dollars(25), false, usd(76, 0), true));

    wallet.advance(Duration.ofDays(2));
    wallet.ask(deposit("dep_3", 1));
    assertThat(wallet.ask(capture)).isEqualTo(new WalletReply.TooOld(call));
    assertThat(wallet.ask(hold(never, "o1", 1)))
        .isEqualTo(new WalletReply.TooOld(never + "/o1/hold"));
    assertThat(wallet.ask(release(never, "o1")))
        .isEqualTo(new WalletReply.TooOld(never + "/o1/hold"));
  }

  @Test
  void a_live_hold_is_never_forgotten_however_old() {
    wallet.ask(deposit("dep_1", 100));
    String call = call();
    wallet.ask(hold(call, "o1", 25));
    wallet.advance(Duration.ofDays(20));
    wallet.ask(deposit("dep_2", 1));

    assertThat(wallet.ask(capture(call, "o1", 25))).isInstanceOf(WalletReply.Captured.class);
    assertThat(wallet.state().balances()).isEqualTo(usd(76, 0));
  }

  @Test
  void no_clock_step_makes_a_capture_be_forgotten_and_taken_again() {
    wallet.ask(deposit("dep_1", 100));
    String call = call();
    wallet.ask(hold(call, "o1", 25));
    Capture capture = capture(call, "o1", 25);
    wallet.ask(capture);
    wallet.advance(Duration.ofDays(365));
    wallet.ask(deposit("dep_2", 1));
    wallet.clock(PlayedEntity.START);

    assertThat(wallet.ask(capture)).isEqualTo(new WalletReply.TooOld(call));
    assertThat(wallet.state().balances()).isEqualTo(usd(76, 0));
  }

  @Test
  void the_state_holds_a_week_however_long_the_wallet_lives() {
    wallet.ask(deposit("dep_1", 1_000));
    for (int day = 0; day < 40; day++) {
      for (int i = 0; i < 10; i++) {
        String call = call();
        wallet.ask(hold(call, "o1", 1));
        wallet.ask(i % 2 == 0 ? capture(call, "o1", 1) : release(call, "o1"));
      }
      wallet.advance(Duration.ofDays(1));
    }

    assertThat(wallet.state().calls().byAge()).hasSizeLessThanOrEqualTo(80);
    assertThat(wallet.state().deposits().byAge())
        .hasSize(1); // its id carries no time: kept for good
  }

  // ---- the whole

  @Test
  void a_wallet_shows_its_balances_and_its_oldest_holds() {
    wallet.ask(deposit("dep_1", 1_000));
    for (int i = 0; i < 600; i++) {
      wallet.ask(hold(call(), "o1", 1));
    }

    WalletReply.View view = (WalletReply.View) wallet.ask(new WalletCommand.Read());
    assertThat(view.balances()).isEqualTo(usd(400, 600));
    assertThat(view.liveHolds()).isEqualTo(600);
    assertThat(view.holds()).hasSize(500);
  }

  @Test
  void a_snapshot_and_a_replay_give_the_same_wallet() {
    wallet.ask(deposit("dep_1", 100));
    String call = call();
    wallet.ask(hold(call, "o1", 25));
    wallet.ask(hold(call, "o2", 25));
    wallet.ask(capture(call, "o1", 20));
    wallet.ask(release(call(), "o1"));

    assertThat(wallet.snapshot()).isEqualTo(wallet.state());
    assertThat(wallet.replay("acct_1:USD")).isEqualTo(wallet.state());
  }

  private Deposit deposit(String id, long dollars) {
    return new Deposit(id, dollars(dollars), "operator", "test");
  }

  private Hold hold(String call, String offer, long dollars) {
    return new Hold(call + "/" + offer + "/hold", call, offer, dollars(dollars));
  }

  private Capture capture(String call, String offer, long dollars) {
    return new Capture(call + "/" + offer + "/hold", call, dollars(dollars), PlayedEntity.START);
  }

  private Release release(String call, String offer) {
    return new Release(call + "/" + offer + "/hold", call, "NO_ANSWER");
  }

  private String call() {
    return TimedId.at("call", wallet.now());
  }

  private static Money dollars(long dollars) {
    return Money.ofUnits(dollars, "USD");
  }

  private static Balances usd(long available, long held) {
    return new Balances(available * Money.MICROS_PER_UNIT, held * Money.MICROS_PER_UNIT);
  }
}
