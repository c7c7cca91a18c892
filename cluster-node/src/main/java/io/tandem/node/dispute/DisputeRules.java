package io.tandem.node.dispute;

import static java.time.temporal.ChronoUnit.MICROS;

import io.tandem.node.agent.AgentCommand;
import io.tandem.node.dispute.DisputeCommand.Decide;
import io.tandem.node.dispute.DisputeCommand.File;
import io.tandem.node.dispute.DisputeCommand.NoteCredit;
import io.tandem.node.dispute.DisputeCommand.NoteCreditRefused;
import io.tandem.node.dispute.DisputeCommand.NoteExcuse;
import io.tandem.node.dispute.DisputeCommand.Read;
import io.tandem.node.dispute.DisputeCommand.Review;
import io.tandem.node.dispute.DisputeCommand.Wake;
import io.tandem.node.entity.Acks;
import io.tandem.node.entity.Decision;
import io.tandem.node.entity.Effect;
import io.tandem.node.entity.EntityKey;
import io.tandem.node.entity.EntityType;
import io.tandem.node.entity.FiledRules;
import io.tandem.node.entity.Repetition;
import io.tandem.node.entity.Reply;
import io.tandem.node.wallet.WalletCommand;
import io.tandem.node.wallet.WalletReply;
import io.tandem.persistence.dispute.DisputeEvent;
import io.tandem.persistence.dispute.DisputeEvent.Decided;
import io.tandem.persistence.dispute.DisputeEvent.Filed;
import io.tandem.persistence.dispute.DisputeState;
import io.tandem.persistence.dispute.DisputeState.Phase;
import io.tandem.persistence.dispute.DisputeVerdict;
import io.tandem.persistence.dispute.DisputedCall;
import io.tandem.persistence.journal.TimedId;
import io.tandem.persistence.journal.TypeNames;
import io.tandem.persistence.money.Money;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a dispute does (DSP-1..4, DSP-6): it is filed in time and for a reason that can win, looked
 * at, decided once and for good; an approval credits the wallet once.
 */
public final class DisputeRules
    implements FiledRules<DisputeCommand, DisputeReply, DisputeEvent, DisputeState> {

  /** The noun's name. */
  public static final String NAME = "dispute";

  private static final int SNAPSHOT_EVERY = 100;

  /** DSP-1: until the end of this business day after the call. */
  private static final int BUSINESS_DAYS = 5;

  /** The noun as the host runs it. */
  public static EntityType<DisputeCommand, DisputeReply, DisputeEvent, DisputeState> type() {
    return new EntityType<>(
        NAME,
        DisputeCommand.class,
        DisputeEvent.class,
        DisputeState::initial,
        new DisputeRules(),
        types(),
        SNAPSHOT_EVERY);
  }

  /** Wire names of all that it says and stores. */
  public static TypeNames types() {
    return TypeNames.builder()
        .addAll(DisputeCommand.class)
        .addAll(DisputeReply.class)
        .addAll(DisputeEvent.class)
        .add(DisputeState.class)
        .build();
  }

  /** The id of the one dispute of a call (DSP-4). */
  public static String disputeId(String callId) {
    return "dispute" + callId.substring(Math.max(0, callId.indexOf('_')));
  }

  @Override
  public Decision<DisputeEvent, DisputeReply> decide(
      DisputeState state, DisputeCommand command, Instant clock) {
    Instant now = clock.truncatedTo(MICROS);
    if (command instanceof File c) {
      return file(state, c, now);
    }
    Filed filed = state.filed();
    if (command instanceof Wake) {
      return Decision.reply(new DisputeReply.Awake());
    }
    if (filed == null) {
      return Decision.reply(new DisputeReply.Unknown());
    }
    return switch (command) {
      case File c -> file(state, c, now);
      case Review c -> review(state, c, now);
      case Decide c -> decide(state, filed.call(), c, now);
      case NoteCredit c ->
          state.owesCredit()
              ? done(state, new DisputeEvent.Credited(c.creditId(), now))
              : already(state);
      case NoteCreditRefused c ->
          state.owesCredit()
              ? done(state, new DisputeEvent.CreditRefused(c.reason(), c.detail(), now))
              : already(state);
      case NoteExcuse _ ->
          state.owesExcuse() ? done(state, new DisputeEvent.CallExcused(now)) : already(state);
      case Wake _ -> Decision.reply(new DisputeReply.Awake());
      case Read _ -> Decision.reply(new DisputeReply.View(state));
    };
  }

  private Decision<DisputeEvent, DisputeReply> file(DisputeState state, File c, Instant now) {
    DisputedCall call = c.call();
    Filed filed = state.filed();
    if (filed != null) { // DSP-4: a second filing meets the first
      return repeated(
          state,
          Repetition.of("callId", filed.call().callId(), call.callId())
              .and("reason", filed.reason(), c.reason())
              .and("statement", filed.statement(), c.statement())
              .and("evidence", filed.evidence(), c.evidence()));
    }
    if (!disputeId(call.callId()).equals(state.id())) {
      return invalid("callId", call.callId(), "the call of " + state.id());
    }
    if (!call.charge().isPositive()) {
      return invalid("callId", call.callId(), "a call that was charged");
    }
    if (!c.reason().canWin()) { // DSP-3
      return Decision.reply(new DisputeReply.CannotWin(c.reason()));
    }
    for (long millis : c.evidence().recordingMillis()) {
      if (millis < 0 || millis > call.connectedMillis()) {
        return invalid(
            "evidence.recordingMillis",
            String.valueOf(millis),
            "0 to " + call.connectedMillis() + ", while they talked");
      }
    }
    // DSP-1
    Instant deadline = BusinessDays.FEDERAL.endOfNth(BUSINESS_DAYS, call.calledAt(), call.zone());
    if (!now.isBefore(deadline)) {
      return Decision.reply(new DisputeReply.TooLate(deadline));
    }

    return done(state, new Filed(call, c.reason(), c.statement(), c.evidence(), deadline, now));
  }

  private Decision<DisputeEvent, DisputeReply> review(DisputeState state, Review c, Instant now) {
    return switch (state.phase()) {
      case FILED -> done(state, new DisputeEvent.UnderReview(c.note(), now));
      case UNDER_REVIEW -> already(state);
      default -> Decision.reply(new DisputeReply.WrongPhase(state.phase(), Phase.FILED));
    };
  }

  // DSP-4: a decision is final and names its ground
  private Decision<DisputeEvent, DisputeReply> decide(
      DisputeState state, DisputedCall call, Decide c, Instant now) {
    Money credit = credit(call, c);
    Decided decided = state.decided();
    if (decided != null) {
      return repeated(
          state,
          Repetition.of("verdict", decided.verdict(), c.verdict())
              .and("ground", decided.ground(), c.ground())
              .and("amount", decided.credit(), credit)
              .and("note", decided.note(), c.note()));
    }
    if (state.phase() != Phase.UNDER_REVIEW) {
      return Decision.reply(new DisputeReply.WrongPhase(state.phase(), Phase.UNDER_REVIEW));
    }
    if (c.ground().forFiler() == (c.verdict() == DisputeVerdict.REJECTED)) {
      return invalid(
          "ground",
          c.ground().name(),
          c.ground().forFiler() ? "a ground to keep the money" : "a ground to give money back");
    }
    if (credit == null) {
      return invalid("amount", String.valueOf(c.credit()), amount(call, c.verdict()));
    }

    return done(state, new Decided(c.verdict(), c.ground(), credit, c.note(), now));
  }

  /** What a verdict gives back; null where what was asked for does not go with it. */
  private static @Nullable Money credit(DisputedCall call, Decide c) {
    Money asked = c.credit();
    Money charge = call.charge();
    return switch (c.verdict()) {
      case APPROVED -> asked == null || asked.equals(charge) ? charge : null;
      case REJECTED -> asked == null || asked.micros() == 0 ? Money.zero(charge.currency()) : null;
      case PARTLY_APPROVED ->
          asked != null
                  && asked.currency().equals(charge.currency())
                  && asked.isPositive()
                  && asked.micros() < charge.micros()
              ? asked
              : null;
    };
  }

  private static String amount(DisputedCall call, DisputeVerdict verdict) {
    return switch (verdict) {
      case APPROVED -> "nothing, or all of " + call.charge();
      case REJECTED -> "nothing";
      case PARTLY_APPROVED -> "more than 0 and less than " + call.charge();
    };
  }

  /**
   * The credit's id at the wallet: the same for every repetition, and as old as the decision, so
   * that the wallet's memory of a week tells it.
   */
  private static String creditId(DisputeState state, Decided decided) {
    return TimedId.bound("credit", decided.at()) + '/' + state.id();
  }

  /** DSP-6: the money goes back, and a technical failure is not the agent's. */
  @Override
  public List<Effect> resume(DisputeState state, Acks acks, Instant now) {
    Filed filed = state.filed();
    Decided decided = state.decided();
    if (filed == null || decided == null) {
      return List.of();
    }
    DisputedCall call = filed.call();
    List<Effect> effects = new ArrayList<>(2);
    if (state.owesCredit()) {
      effects.add(
          new Effect.Ask(
              state.id() + "/credit",
              new EntityKey("wallet", call.accountId() + ':' + call.charge().currency()),
              new WalletCommand.Credit(
                  creditId(state, decided), state.id(), call.callId(), decided.credit())));
    }
    if (state.owesExcuse()) {
      effects.add(
          new Effect.Ask(
              state.id() + "/excuse",
              new EntityKey("agent", call.agentId()),
              new AgentCommand.ExcuseCall(call.callId(), call.offerId(), state.id())));
    }
    return effects;
  }

  @Override
  public Optional<DisputeCommand> answered(DisputeState state, Effect.Ask effect, Reply reply) {
    if (effect.command() instanceof WalletCommand.Credit credit) {
      return Optional.of(
          reply instanceof WalletReply.Credited
              ? new NoteCredit(credit.creditId())
              : new NoteCreditRefused(reply.getClass().getSimpleName(), reply.toString()));
    }
    return Optional.of(new NoteExcuse());
  }

  /** What is owed is asked for after a restart too. */
  @Override
  public @Nullable Instant deadline(DisputeState state) {
    Decided decided = state.decided();
    return decided != null && (state.owesCredit() || state.owesExcuse()) ? decided.at() : null;
  }

  @Override
  public DisputeCommand wake() {
    return new Wake();
  }

  @Override
  public boolean finished(DisputeState state) {
    return state.decided() != null;
  }

  /** Nothing: the call and the phases tell every repetition. */
  @Override
  public boolean remembered(DisputeCommand command) {
    return false;
  }

  @Override
  public DisputeReply onFile(DisputeState state, boolean already) {
    return new DisputeReply.Done(state, already);
  }

  @Override
  public DisputeReply conflict(String field) {
    return new DisputeReply.Conflict(field);
  }

  @Override
  public DisputeReply notAllowed(String field, String found, String allowed) {
    return new DisputeReply.Invalid(field, found, allowed);
  }
}
