package io.tandem.ops.whatif;

import io.tandem.node.call.CallCommand;
import io.tandem.node.call.CallRules;
import io.tandem.node.call.CallSettings;
import io.tandem.persistence.call.CallEvent;
import io.tandem.persistence.call.CallState;
import io.tandem.persistence.call.Offer;
import io.tandem.persistence.money.Money;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One call, run again: each event says what the call was told, and the rules decide anew what comes
 * of it. The legs do as they did: the same phones ring, the same one answers, the same side hangs
 * up at the same moment.
 */
public final class CallAgain {
  private static final CallRules RULES = new CallRules(CallSettings.DEFAULT);

  private final OtherTerms terms;
  private CallState was;
  private CallState state;

  CallAgain(String callId, OtherTerms terms) {
    this.terms = terms;
    this.was = CallState.fresh(callId);
    this.state = was;
  }

  /** The next event of the call as it was. */
  void take(CallEvent event) {
    was = was.apply(event);
    switch (event) {
      case CallEvent.Offered e ->
          decide(
              new CallCommand.Offer(
                  e.campaignId(),
                  e.campaignAccountId(),
                  e.caller(),
                  e.callerBlind(),
                  e.callerState(),
                  e.calledNumber(),
                  e.capped(),
                  e.edge(),
                  e.callerLeg(),
                  terms.of(e.plan()),
                  e.trace()),
              e.at());
      case CallEvent.OffersFailed e ->
          e.failures().forEach(f -> decide(new CallCommand.PhoneFailed(f, e.at()), e.at()));
      case CallEvent.OfferWithdrawn e ->
          decide(new CallCommand.AgentWithdrawn(e.offerId(), e.reason()), e.at());
      case CallEvent.Connected e ->
          decide(
              new CallCommand.Bridged(e.offerId(), e.callerLeg(), e.agentLeg(), e.lost(), e.at()),
              e.at());
      case CallEvent.LegRefreshed e -> {
        // QT-6: the timer goes on
      }
      case CallEvent.RecordingDecided _, CallEvent.RecordingPaused _, CallEvent.RecordingDone _ -> {
        // costs nothing
      }
      case CallEvent.Qualified e ->
          decide(new CallCommand.Crossed(e.connectedMillis(), e.at()), e.at());
      case CallEvent.ChargeRefused e ->
          decide(new CallCommand.ChargeRefused(e.reason(), e.detail()), e.at());
      case CallEvent.Ended e -> decide(end(e), e.at());
    }
  }

  private static CallCommand end(CallEvent.Ended e) {
    return e.proof() == null
        ? new CallCommand.LegsEnded(e.endedBy(), e.cause(), e.connectedMillis(), e.at(), e.media())
        : new CallCommand.EdgeLost(e.proof());
  }

  private void decide(CallCommand command, Instant at) {
    for (CallEvent event : RULES.decide(state, command, at).events()) {
      state = state.apply(event);
    }
  }

  /** What became of the call, then and now. */
  Result result() {
    Offer winner = winner(was);
    return new Result(
        was.callId(),
        winner == null ? "" : winner.accountId(),
        winner == null ? "" : winner.terms().verticalId(),
        winner == null ? "" : winner.terms().price().currency(),
        charge(was),
        winner == null ? charge(state) : rated(winner.terms().price().currency()),
        was instanceof CallState.Connected);
  }

  /**
   * A call that was answered or not, as it was and as it would have been.
   *
   * @param accountId the account of the agent who answered; empty where nobody did
   * @param was what the call cost; null where nothing
   * @param would what it would have cost; null where nothing
   * @param open not over where the journal ends: a timer that is not reached yet counts for nothing
   */
  public record Result(
      String callId,
      String accountId,
      String verticalId,
      String currency,
      @Nullable Money was,
      @Nullable Money would,
      boolean open) {
    /** Whether it would have cost something else. */
    public boolean differs() {
      return was == null ? would != null : !was.equals(would);
    }
  }

  private static CallEvent.@Nullable Connected bridged(CallState state) {
    return switch (state) {
      case CallState.Connected s -> s.bridged();
      case CallState.Ended s -> s.bridged();
      default -> null;
    };
  }

  private static @Nullable Offer winner(CallState state) {
    CallEvent.Connected bridged = bridged(state);
    return bridged != null && state instanceof CallState.Begun begun
        ? begun.offered().plan().offer(bridged.offerId()).orElse(null)
        : null;
  }

  /**
   * By the minute, where the deck has a rate for the called number in the currency of the call;
   * else the price as it was.
   */
  private @Nullable Money rated(String currency) {
    RateDeck deck = terms.deck();
    if (deck == null
        || !(was instanceof CallState.Begun begun)
        || !(was instanceof CallState.Ended over)) {
      return charge(state);
    }
    Money rated =
        deck.charge(
                begun.offered().calledNumber(), begun.offered().at(), over.end().connectedMillis())
            .filter(money -> money.currency().equals(currency))
            .orElse(null);
    return rated == null ? charge(state) : rated.micros() == 0 ? null : rated;
  }

  /** What the wallet is asked for: the price of a crossing that it did not refuse. */
  private static @Nullable Money charge(CallState state) {
    return switch (state) {
      case CallState.Connected s when s.chargeRefused() == null && s.qualified() != null ->
          s.qualified().charge();
      case CallState.Ended s when s.chargeRefused() == null && s.qualified() != null ->
          s.qualified().charge();
      default -> null;
    };
  }
}
