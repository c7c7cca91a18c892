package io.tandem.node.dispute;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.node.agent.AgentCommand;
import io.tandem.node.agent.AgentReply;
import io.tandem.node.dispute.DisputeCommand.Decide;
import io.tandem.node.dispute.DisputeCommand.File;
import io.tandem.node.dispute.DisputeCommand.Review;
import io.tandem.node.entity.Effect;
import io.tandem.node.entity.EntityKey;
import io.tandem.node.entity.PlayedEntity;
import io.tandem.node.wallet.WalletCommand;
import io.tandem.node.wallet.WalletReply;
import io.tandem.persistence.dispute.DisputeEvent;
import io.tandem.persistence.dispute.DisputeEvidence;
import io.tandem.persistence.dispute.DisputeGround;
import io.tandem.persistence.dispute.DisputeReason;
import io.tandem.persistence.dispute.DisputeState;
import io.tandem.persistence.dispute.DisputeState.Phase;
import io.tandem.persistence.dispute.DisputeVerdict;
import io.tandem.persistence.dispute.DisputedCall;
import io.tandem.persistence.journal.DataClass;
import io.tandem.persistence.journal.Personal;
import io.tandem.persistence.journal.TimedId;
import io.tandem.persistence.money.Money;
import io.tandem.persistence.wallet.Balances;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DisputeRulesTest {
  private static final Instant CALLED = PlayedEntity.START.minus(Duration.ofHours(1));
  private static final String CALL = TimedId.at("call", CALLED);
  private static final Money CHARGE = Money.ofUnits(25, "USD");

  private final PlayedEntity<DisputeCommand, DisputeReply, DisputeEvent, DisputeState> dispute =
      new PlayedEntity<>(DisputeRules.type(), DisputeRules.disputeId(CALL));

  // ---- filing

  @ParameterizedTest
  @EnumSource
  void reasons_that_can_win_are_accepted_and_the_others_refused(DisputeReason reason) {
    DisputeReply reply = dispute.ask(file(reason, "words"));

    if (reason.canWin()) {
      assertThat(reply).isInstanceOf(DisputeReply.Done.class);
      assertThat(dispute.state().phase()).isEqualTo(Phase.FILED);
    } else {
      assertThat(reply).isEqualTo(new DisputeReply.CannotWin(reason));
      assertThat(dispute.events()).isEmpty();
    }
  }

  @Test
  void it_is_accepted_until_the_last_moment_of_the_fifth_business_day_and_not_after() {
    Instant deadline = Instant.parse("2026-12-02T05:00:00Z"); // Thanksgiving is no business day

    dispute.clock(deadline);
    assertThat(dispute.ask(file(DisputeReason.FRAUD, null)))
        .isEqualTo(new DisputeReply.TooLate(deadline));
    dispute.clock(deadline.minusMillis(1));
    assertThat(dispute.ask(file(DisputeReason.FRAUD, null))).isInstanceOf(DisputeReply.Done.class);
    assertThat(((DisputeEvent.Filed) dispute.events().getFirst()).deadline()).isEqualTo(deadline);
  }

  @Test
  void a_second_filing_meets_the_first_also_when_it_comes_late() {
    dispute.ask(file(DisputeReason.FRAUD, "one"));
    dispute.advance(Duration.ofDays(60));

    assertThat(dispute.ask(file(DisputeReason.FRAUD, "one")))
        .isEqualTo(new DisputeReply.Done(dispute.state(), true));
    assertThat(dispute.ask(file(DisputeReason.FRAUD, "two")))
        .isEqualTo(new DisputeReply.Conflict("statement"));
    assertThat(dispute.ask(file(DisputeReason.DO_NOT_CALL, "one")))
        .isEqualTo(new DisputeReply.Conflict("reason"));
    assertThat(dispute.events()).hasSize(1);
  }

  @Test
  void a_call_that_cost_nothing_another_call_and_an_offset_beyond_the_end_are_refused() {
    assertThat(dispute.ask(file(call(CALL, Money.zero("USD")), 0)))
        .isInstanceOf(DisputeReply.Invalid.class);
    assertThat(dispute.ask(file(call(TimedId.at("call", CALLED), CHARGE), 0)))
        .isInstanceOf(DisputeReply.Invalid.class);
    assertThat(dispute.ask(file(call(CALL, CHARGE), 100_001)))
        .isInstanceOf(DisputeReply.Invalid.class);
    assertThat(dispute.ask(file(call(CALL, CHARGE), 100_000)))
        .isInstanceOf(DisputeReply.Done.class);
  }

  // ---- deciding

  @Test
  void it_is_looked_at_before_it_is_decided_and_decided_once() {
    dispute.ask(file(DisputeReason.FRAUD, null));
    Decide approve = decide(DisputeVerdict.APPROVED, DisputeGround.FRAUD, null);
    assertThat(dispute.ask(approve))
        .isEqualTo(new DisputeReply.WrongPhase(Phase.FILED, Phase.UNDER_REVIEW));

    dispute.ask(new Review(null));
    assertThat(dispute.ask(new Review(null)))
        .isEqualTo(new DisputeReply.Done(dispute.state(), true));
    dispute.ask(approve);

    assertThat(dispute.state().phase()).isEqualTo(Phase.APPROVED);
    assertThat(dispute.ask(approve)).isEqualTo(new DisputeReply.Done(dispute.state(), true));
    assertThat(dispute.ask(decide(DisputeVerdict.REJECTED, DisputeGround.NOT_PROVEN, null)))
        .isEqualTo(new DisputeReply.Conflict("verdict"));
    assertThat(dispute.ask(new Review(null)))
        .isEqualTo(new DisputeReply.WrongPhase(Phase.APPROVED, Phase.FILED));
    assertThat(dispute.events()).hasSize(3);
  }

  @Test
  void a_part_is_more_than_nothing_and_less_than_the_charge() {
    underReview();

    for (Money wrong :
        new @Nullable Money[] {
          null, CHARGE, Money.zero("USD"), new Money(-1, "USD"), Money.ofUnits(5, "EUR")
        }) {
      assertThat(dispute.ask(decide(DisputeVerdict.PARTLY_APPROVED, DisputeGround.FRAUD, wrong)))
          .isInstanceOf(DisputeReply.Invalid.class);
    }
    Money part = CHARGE.minus(new Money(1, "USD"));
    assertThat(dispute.ask(decide(DisputeVerdict.PARTLY_APPROVED, DisputeGround.FRAUD, part)))
        .isInstanceOf(DisputeReply.Done.class);
    assertThat(credit().amount()).isEqualTo(part);
  }

  @Test
  void the_ground_goes_with_the_verdict() {
    underReview();

    assertThat(dispute.ask(decide(DisputeVerdict.APPROVED, DisputeGround.NOT_PROVEN, null)))
        .isInstanceOf(DisputeReply.Invalid.class);
    assertThat(dispute.ask(decide(DisputeVerdict.REJECTED, DisputeGround.FRAUD, null)))
        .isInstanceOf(DisputeReply.Invalid.class);
    assertThat(dispute.ask(decide(DisputeVerdict.REJECTED, DisputeGround.CONTRADICTED, CHARGE)))
        .isInstanceOf(DisputeReply.Invalid.class);
    dispute.ask(decide(DisputeVerdict.REJECTED, DisputeGround.CONTRADICTED, null));

    assertThat(dispute.state().phase()).isEqualTo(Phase.REJECTED);
    assertThat(dispute.effects()).isEmpty();
    assertThat(dispute.deadline()).isNull();
  }

  // ---- what is owed

  @Test
  void the_wallet_is_asked_until_it_has_booked_and_never_with_another_id() {
    approved(DisputeGround.FRAUD);
    assertThat(dispute.effects())
        .singleElement()
        .satisfies(
            effect ->
                assertThat(((Effect.Ask) effect).target())
                    .isEqualTo(new EntityKey("wallet", "acct_1:USD")));
    assertThat(dispute.deadline()).isNotNull();
    WalletCommand.Credit first = credit();
    assertThat(TimedId.timeOf(first.creditId())).contains(dispute.now());

    dispute.advance(Duration.ofDays(3));
    assertThat(credit()).isEqualTo(first);
    Effect asked = dispute.effects().getFirst();
    var booked = new WalletReply.Credited(first.creditId(), Balances.ZERO, true);
    dispute.answered(asked, booked);
    dispute.answered(asked, booked);

    assertThat(dispute.effects()).isEmpty();
    assertThat(dispute.deadline()).isNull();
    assertThat(dispute.events().getLast())
        .isEqualTo(new DisputeEvent.Credited(first.creditId(), dispute.now()));
    assertThat(dispute.events()).hasSize(4);
  }

  @Test
  void a_credit_that_the_wallet_refuses_is_on_record_and_not_asked_for_again() {
    approved(DisputeGround.FRAUD);

    dispute.answered(dispute.effects().getFirst(), new WalletReply.TooOld(credit().creditId()));

    assertThat(dispute.state().creditRefused()).isNotNull();
    assertThat(dispute.effects()).isEmpty();
  }

  @Test
  void a_technical_failure_excuses_the_call_and_no_other_ground_does() {
    approved(DisputeGround.TECHNICAL_FAILURE);

    assertThat(dispute.effects())
        .extracting(effect -> ((Effect.Ask) effect).command())
        .contains(new AgentCommand.ExcuseCall(CALL, "o1", dispute.state().id()));
    for (Effect effect : dispute.effects()) {
      dispute.answered(
          effect,
          ((Effect.Ask) effect).command() instanceof WalletCommand.Credit c
              ? new WalletReply.Credited(c.creditId(), Balances.ZERO, false)
              : new AgentReply.Excused(CALL, true));
    }
    assertThat(dispute.effects()).isEmpty();
    assertThat(dispute.state().excused()).isNotNull();
    assertThat(dispute.state().credited()).isNotNull();
  }

  @Test
  void what_was_never_filed_is_unknown() {
    assertThat(dispute.ask(new Review(null))).isEqualTo(new DisputeReply.Unknown());
    assertThat(dispute.ask(new DisputeCommand.Read())).isEqualTo(new DisputeReply.Unknown());
  }

  // ----

  private void underReview() {
    dispute.ask(file(DisputeReason.FRAUD, null));
    dispute.ask(new Review(words("looks odd")));
  }

  private void approved(DisputeGround ground) {
    underReview();
    dispute.ask(decide(DisputeVerdict.APPROVED, ground, null));
  }

  private WalletCommand.Credit credit() {
    return dispute.effects().stream()
        .map(effect -> ((Effect.Ask) effect).command())
        .filter(WalletCommand.Credit.class::isInstance)
        .map(WalletCommand.Credit.class::cast)
        .findFirst()
        .orElseThrow();
  }

  private static Decide decide(
      DisputeVerdict verdict, DisputeGround ground, @Nullable Money amount) {
    return new Decide(verdict, ground, amount, words("so it is"));
  }

  private static File file(DisputeReason reason, @Nullable String statement) {
    return new File(
        call(CALL, CHARGE),
        reason,
        statement == null ? null : words(statement),
        new DisputeEvidence(List.of(1_000L), List.of(words("line"))));
  }

  private static File file(DisputedCall call, long offsetMillis) {
    return new File(
        call, DisputeReason.FRAUD, null, new DisputeEvidence(List.of(offsetMillis), List.of()));
  }

  private static DisputedCall call(String id, Money charge) {
    return new DisputedCall(
        id,
        "o1",
        "agent_1",
        "acct_1",
        "camp_1",
        charge,
        CALLED,
        100_000,
        ZoneId.of("America/New_York"));
  }

  private static Personal<String> words(String text) {
    return Personal.of("person:1", DataClass.CONTENT, text);
  }
}
