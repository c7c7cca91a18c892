package io.tandem.node.call;

import io.tandem.node.entity.Acks;
import io.tandem.node.entity.Decision;
import io.tandem.node.entity.Effect;
import io.tandem.node.entity.Reply;
import io.tandem.node.entity.Rules;
import io.tandem.persistence.call.CallEvent;
import io.tandem.persistence.call.CallState;
import io.tandem.persistence.call.MediaFacts;
import io.tandem.persistence.call.Offer;
import io.tandem.persistence.call.OfferFailure;
import io.tandem.persistence.call.ProofOfLife;
import io.tandem.persistence.call.RingPlan;
import io.tandem.persistence.call.Terms;
import io.tandem.persistence.money.Money;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a call does, from the caller's INVITE to the charge (QT-1..6, MKT-3). It is the one process
 * manager of its life: it asks campaign, agent and wallet, tells its edge to ring, and takes the
 * edge's word for what the legs did. It decides no time itself: connected time is the edge's.
 */
public final class CallRules implements Rules<CallCommand, CallReply, CallEvent, CallState> {

  /** QT-5: why a call ended at its last proof of life. */
  static final String EDGE_LOST = "EDGE_LOST";

  private static final CallReply NOW = new CallReply.Noted(false);
  private static final CallReply BEFORE = new CallReply.Noted(true);

  private final CallSettings settings;

  /** With the patience to apply. */
  public CallRules(CallSettings settings) {
    this.settings = settings;
  }

  @Override
  public Decision<CallEvent, CallReply> decide(CallState state, CallCommand command, Instant now) {
    return switch (command) {
      case CallCommand.Offer offer -> offer(state, offer, now);
      case CallCommand.Wake _ -> Decision.reply(BEFORE); // what is due follows from resume
      case CallCommand.HoldInquiry inquiry ->
          Decision.reply(CallInquiries.hold(state, inquiry.holdId()));
      case CallCommand.ReservationInquiry inquiry ->
          Decision.reply(CallInquiries.reservation(state, inquiry.offerId()));
      case CallCommand.AdmissionInquiry _ -> Decision.reply(CallInquiries.admission(state));
      case CallCommand.Read _ ->
          Decision.reply(
              state instanceof CallState.Fresh
                  ? new CallReply.Unknown()
                  : new CallReply.View(state));
      default ->
          switch (state) {
            case CallState.Fresh _ -> Decision.reply(new CallReply.Unknown());
            case CallState.Routing routing -> routing(routing, command, now);
            case CallState.Connected connected -> connected(connected, command, now);
            case CallState.Ended ended -> ended(ended, command, now);
          };
    };
  }

  // ---- offer
  // -------------------------------------------------------------------------------------

  /** QT-1, MKT-3, MKT-5: plan, terms and trace are fixed in the first write. */
  private static Decision<CallEvent, CallReply> offer(
      CallState state, CallCommand.Offer c, Instant now) {
    RingPlan plan =
        new RingPlan(
            c.plan().steps().stream().filter(s -> !s.offers().isEmpty()).toList(),
            c.plan().ringMillis());
    if (state instanceof CallState.Begun begun) {
      String field = difference(begun.offered(), c, plan);
      return Decision.reply(field == null ? BEFORE : new CallReply.Conflict(field));
    }
    List<CallEvent> events = new ArrayList<>(2);
    events.add(
        new CallEvent.Offered(
            c.campaignId(),
            c.campaignAccountId(),
            c.caller(),
            c.callerBlind(),
            c.callerState(),
            c.calledNumber(),
            c.capped(),
            c.edge(),
            c.callerLeg(),
            plan,
            c.trace(),
            now,
            c.arrival()));
    if (plan.steps().isEmpty()) {
      events.add(unanswered(CallEvent.EndedBy.PLATFORM, CallerRefusal.NO_CANDIDATE, now));
    }
    return Decision.events(events, NOW);
  }

  private static @Nullable String difference(
      CallEvent.Offered o, CallCommand.Offer c, RingPlan plan) {
    if (!o.campaignId().equals(c.campaignId())) {
      return "campaignId";
    }
    if (!o.callerBlind().equals(c.callerBlind())) {
      return "caller";
    }
    if (!o.calledNumber().equals(c.calledNumber())) {
      return "calledNumber";
    }
    if (!o.edge().equals(c.edge())) {
      return "edge";
    }
    if (!o.callerLeg().callId().equals(c.callerLeg().callId())) {
      return "callerLeg";
    }
    return o.plan().equals(plan) ? null : "plan";
  }

  // ---- routing
  // -----------------------------------------------------------------------------------

  private static Decision<CallEvent, CallReply> routing(
      CallState.Routing s, CallCommand command, Instant now) {
    return switch (command) {
      case CallCommand.OfferRefused c ->
          failed(s, new OfferFailure(c.offerId(), c.reason(), c.detail(), false, 0), now);
      case CallCommand.PhoneFailed c -> failed(s, c.failure(), c.at());
      case CallCommand.AgentWithdrawn c -> withdrawn(s, c, now);
      case CallCommand.AdmissionRefused c ->
          Decision.event(unanswered(CallEvent.EndedBy.PLATFORM, c.reason(), now), NOW);
      case CallCommand.Bridged c -> bridged(s, c);
      case CallCommand.LegsEnded c ->
          Decision.event(unanswered(c.endedBy(), c.cause(), c.at()), NOW);
      case CallCommand.EdgeLost c -> routingEdgeLost(s, c);
      default -> Decision.reply(new CallReply.Misplaced("NOT_CONNECTED"));
    };
  }

  /** One offer less; the next step when none is left, the end when no step is. */
  private static Decision<CallEvent, CallReply> failed(
      CallState.Routing s, OfferFailure failure, Instant at) {
    CallReply no = refusalOf(s, failure.offerId());
    if (no != null) {
      return Decision.reply(no);
    }
    List<RingPlan.Step> steps = s.offered().plan().steps();
    boolean others =
        s.runningOffers().stream().anyMatch(o -> !o.offerId().equals(failure.offerId()));
    int step = others ? s.step() : s.step() + 1;
    List<CallEvent> events = new ArrayList<>(2);
    events.add(new CallEvent.OffersFailed(List.of(failure), step, at));
    if (step == steps.size()) {
      events.add(unanswered(CallEvent.EndedBy.PLATFORM, CallerRefusal.NO_AGENT, at));
    }
    return Decision.events(events, NOW);
  }

  /**
   * COOL-3: the phone is told to stop; until the edge says what came of it the offer stands, for
   * the answer may be on its way.
   */
  private static Decision<CallEvent, CallReply> withdrawn(
      CallState.Routing s, CallCommand.AgentWithdrawn c, Instant now) {
    CallReply no = refusalOf(s, c.offerId());
    if (no != null) {
      return Decision.reply(no);
    }
    return s.withdrawn().containsKey(c.offerId())
        ? Decision.reply(BEFORE)
        : Decision.event(new CallEvent.OfferWithdrawn(c.offerId(), c.reason(), now), NOW);
  }

  /** QT-2: the edge's word counts, also for a phone that was being stopped. */
  private static Decision<CallEvent, CallReply> bridged(
      CallState.Routing s, CallCommand.Bridged c) {
    Optional<Offer> offer = running(s, c.offerId());
    if (offer.isEmpty()) {
      return Decision.reply(new CallReply.Misplaced("OFFER_NOT_RUNNING"));
    }
    Instant qualifiesAt = c.at().plusMillis(offer.get().terms().timerMillis());
    return Decision.event(
        new CallEvent.Connected(
            c.offerId(), c.callerLeg(), c.agentLeg(), c.lost(), c.at(), qualifiesAt),
        NOW);
  }

  private static Decision<CallEvent, CallReply> routingEdgeLost(
      CallState.Routing s, CallCommand.EdgeLost c) {
    if (!c.proof().edge().equals(s.offered().edge())) {
      return Decision.reply(new CallReply.Misplaced("OTHER_EDGE"));
    }
    Instant at = later(c.proof().lastMediaAt(), s.offered().at());
    return Decision.event(
        new CallEvent.Ended(CallEvent.EndedBy.PLATFORM, EDGE_LOST, 0, false, null, c.proof(), at),
        NOW);
  }

  /** Why nothing can fail or be withdrawn under this offer id; null when something can. */
  private static @Nullable CallReply refusalOf(CallState.Routing s, String offerId) {
    if (s.failure(offerId).isPresent()) {
      return BEFORE;
    }
    return running(s, offerId).isEmpty() ? new CallReply.Misplaced("OFFER_NOT_RUNNING") : null;
  }

  private static Optional<Offer> running(CallState.Routing s, String offerId) {
    return s.runningOffers().stream().filter(o -> o.offerId().equals(offerId)).findFirst();
  }

  // ---- connected
  // ---------------------------------------------------------------------------------

  private static Decision<CallEvent, CallReply> connected(
      CallState.Connected s, CallCommand command, Instant now) {
    return switch (command) {
      case CallCommand.Bridged c ->
          Decision.reply(
              c.offerId().equals(s.bridged().offerId())
                  ? BEFORE
                  : new CallReply.Misplaced("ANOTHER_ANSWERED"));
      case CallCommand.LegRefreshed c -> refreshed(s, c);
      case CallCommand.Crossed c -> crossed(s, c);
      case CallCommand.LegsEnded c -> legsEnded(s, c);
      case CallCommand.EdgeLost c -> edgeLost(s, c);
      case CallCommand.RecordingDecided c -> CallRecordings.decided(s.recording(), c);
      case CallCommand.RecordingDone c -> CallRecordings.done(s.recording(), c);
      case CallCommand.PauseRecording c -> CallRecordings.pause(s.recording(), c, now);
      case CallCommand.ChargeRefused c ->
          s.qualified() == null || s.chargeRefused() != null
              ? Decision.reply(BEFORE)
              : Decision.event(new CallEvent.ChargeRefused(c.reason(), c.detail(), now), NOW);
      default -> Decision.reply(BEFORE); // word of an offer that lost: resume ends it
    };
  }

  /** QT-6: stored for a survivor; the timer goes on. */
  private static Decision<CallEvent, CallReply> refreshed(
      CallState.Connected s, CallCommand.LegRefreshed c) {
    boolean same =
        c.agentLeg()
            ? c.dialog().equals(s.agentLeg()) && c.onHold() == s.agentOnHold()
            : c.dialog().equals(s.callerLeg()) && c.onHold() == s.callerOnHold();
    return same
        ? Decision.reply(BEFORE)
        : Decision.event(
            new CallEvent.LegRefreshed(c.agentLeg(), c.dialog(), c.onHold(), c.at()), NOW);
  }

  /** QT-3: at exactly the timer it is billable, one millisecond earlier it is not. QT-4: once. */
  private static Decision<CallEvent, CallReply> crossed(
      CallState.Connected s, CallCommand.Crossed c) {
    if (s.qualified() != null) {
      return Decision.reply(BEFORE);
    }
    Optional<Terms> terms = s.terms();
    if (terms.isEmpty() || c.connectedMillis() < terms.get().timerMillis()) {
      return Decision.reply(new CallReply.Misplaced("BEFORE_TIMER"));
    }
    return Decision.event(
        new CallEvent.Qualified(c.connectedMillis(), terms.get().price(), c.at()), NOW);
  }

  /**
   * The crossing may not have been told, for the end came right upon it: then both are stored at
   * once.
   */
  private static Decision<CallEvent, CallReply> legsEnded(
      CallState.Connected s, CallCommand.LegsEnded c) {
    long millis = Math.max(0, c.connectedMillis());
    if (s.qualified() != null) {
      millis = Math.max(millis, s.qualified().connectedMillis());
    }
    long timer = s.terms().map(Terms::timerMillis).orElse(Long.MAX_VALUE);
    Instant crossing = millis >= timer ? c.at().minusMillis(millis - timer) : c.at();
    return end(s, new Ending(c.endedBy(), c.cause(), null, c.media()), millis, crossing, c.at());
  }

  /**
   * QT-5: the call ends at the last proof of life, in the customer's favour; what was stored of it
   * counts as proof too.
   */
  private static Decision<CallEvent, CallReply> edgeLost(
      CallState.Connected s, CallCommand.EdgeLost c) {
    if (!c.proof().edge().equals(s.offered().edge())) {
      return Decision.reply(new CallReply.Misplaced("OTHER_EDGE"));
    }
    Instant from = s.bridged().at();
    Instant at = later(c.proof().lastMediaAt(), from);
    long millis = Duration.between(from, at).toMillis();
    if (s.qualified() != null) {
      at = later(at, s.qualified().at());
      millis = Math.max(millis, s.qualified().connectedMillis());
    }
    return end(
        s,
        new Ending(CallEvent.EndedBy.PLATFORM, EDGE_LOST, c.proof(), null),
        millis,
        s.bridged().qualifiesAt(),
        at);
  }

  /** Who ended a connected call and why, and what is known of it. */
  private record Ending(
      CallEvent.EndedBy by,
      String cause,
      @Nullable ProofOfLife proof,
      @Nullable MediaFacts media) {}

  private static Decision<CallEvent, CallReply> end(
      CallState.Connected s, Ending ending, long millis, Instant crossing, Instant at) {
    List<CallEvent> events = new ArrayList<>(2);
    Money charge = null;
    boolean qualified = s.qualified() != null;
    Optional<Terms> terms = s.terms();
    if (s.qualified() != null) {
      charge = s.qualified().charge();
    } else if (terms.isPresent()) {
      qualified = millis >= terms.get().timerMillis();
      charge = qualified ? terms.get().price() : Money.zero(terms.get().price().currency());
      if (qualified) {
        events.add(new CallEvent.Qualified(terms.get().timerMillis(), charge, crossing));
      }
    }
    events.add(
        new CallEvent.Ended(
            ending.by(),
            ending.cause(),
            millis,
            qualified,
            charge,
            ending.proof(),
            at,
            ending.media()));
    return Decision.events(events, NOW);
  }

  // ---- ended
  // -------------------------------------------------------------------------------------

  /**
   * What comes late is known or does not matter, except that an edge may believe a call alive that
   * was ended without it.
   */
  private static Decision<CallEvent, CallReply> ended(
      CallState.Ended s, CallCommand command, Instant now) {
    switch (command) {
      case CallCommand.RecordingDecided c -> {
        return CallRecordings.decided(s.recording(), c);
      }
      case CallCommand.RecordingDone c -> {
        return CallRecordings.done(s.recording(), c);
      }
      default -> {
        return endedOtherwise(s, command, now);
      }
    }
  }

  private static Decision<CallEvent, CallReply> endedOtherwise(
      CallState.Ended s, CallCommand command, Instant now) {
    boolean known =
        switch (command) {
          case CallCommand.Bridged c ->
              s.bridged() != null && s.bridged().offerId().equals(c.offerId());
          case CallCommand.Crossed _ -> s.qualified() != null;
          case CallCommand.PauseRecording _ -> false;
          default -> true;
        };
    if (command instanceof CallCommand.ChargeRefused c
        && s.qualified() != null
        && s.chargeRefused() == null) {
      return Decision.event(new CallEvent.ChargeRefused(c.reason(), c.detail(), now), NOW);
    }
    return Decision.reply(known ? BEFORE : new CallReply.Misplaced("ENDED"));
  }

  private static CallEvent unanswered(CallEvent.EndedBy endedBy, String cause, Instant at) {
    return new CallEvent.Ended(endedBy, cause, 0, false, null, null, at);
  }

  private static Instant later(Instant a, Instant b) {
    return a.isBefore(b) ? b : a;
  }

  // ---- what follows from the state
  // ---------------------------------------------------------------

  @Override
  public List<Effect> resume(CallState state, Acks acks, Instant now) {
    return CallOutbox.of(state, acks, now, settings);
  }

  @Override
  public Optional<CallCommand> answered(CallState state, Effect.Ask effect, Reply reply) {
    return CallAnswers.meaning(effect, reply);
  }

  @Override
  public @Nullable Instant deadline(CallState state) {
    return switch (state) {
      case CallState.Fresh _ -> null;
      case CallState.Routing s ->
          s.stepSince().plusMillis(s.offered().plan().ringMillis()).plus(settings.ringGrace());
      case CallState.Connected s ->
          s.qualified() == null
              ? s.bridged().qualifiesAt().plus(settings.crossingGrace())
              : s.bridged().at().plus(settings.longestCall());
      case CallState.Ended s -> s.end().at().plus(settings.healAfter());
    };
  }

  @Override
  public CallCommand wake() {
    return new CallCommand.Wake();
  }

  @Override
  public boolean finished(CallState state) {
    return state instanceof CallState.Ended;
  }

  /** Nothing: the call's own ids and phases tell every repetition. */
  @Override
  public boolean remembered(CallCommand command) {
    return false;
  }

  @Override
  public CallReply alreadyDone(CallState state, CallCommand command) {
    return BEFORE;
  }

  @Override
  public CallReply conflict(CallState state, CallCommand command, String field) {
    return new CallReply.Conflict(field);
  }
}
