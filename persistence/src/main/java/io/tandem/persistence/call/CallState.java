package io.tandem.persistence.call;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonTypeName;
import io.tandem.persistence.journal.DomainState;
import io.tandem.persistence.journal.Wire;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.pcollections.HashTreePMap;
import org.pcollections.PMap;
import org.pcollections.PVector;
import org.pcollections.TreePVector;

/**
 * A call after its events so far: fresh, then routing, then (when an agent answered) connected,
 * then ended. An event that does not belong to the phase changes nothing.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "phase")
public sealed interface CallState extends DomainState<CallState, CallEvent> {

  /** The call's id. */
  String callId();

  /** A call of which nothing is stored yet. */
  static CallState fresh(String callId) {
    return new Fresh(callId);
  }

  /** Nothing has happened. */
  @Wire("call.state.fresh/1")
  @JsonTypeName("fresh")
  record Fresh(String callId) implements CallState {
    @Override
    public CallState apply(CallEvent event) {
      return event instanceof CallEvent.Offered offered
          ? new Routing(callId, offered, 0, offered.at(), TreePVector.empty(), HashTreePMap.empty())
          : this;
    }
  }

  /** A call that was offered: what was fixed then, and how far the plan has been followed. */
  sealed interface Begun extends CallState {

    /** What was fixed when the call was offered. */
    CallEvent.Offered offered();

    /**
     * Index of the running step, or of the last one that ran; the number of steps when the plan is
     * used up.
     */
    int step();

    /** Offers that failed, in the order in which they did. */
    PVector<OfferFailure> failures();

    /** Offers of the steps that have run or run: of each, wallet and agent may know. */
    default List<Offer> begunOffers() {
      List<RingPlan.Step> steps = offered().plan().steps();
      List<Offer> begun = new ArrayList<>();
      for (int i = 0; i < Math.min(step() + 1, steps.size()); i++) {
        begun.addAll(steps.get(i).offers());
      }
      return begun;
    }

    /** The failure of an offer. */
    default Optional<OfferFailure> failure(String offerId) {
      for (OfferFailure failure : failures()) {
        if (failure.offerId().equals(offerId)) {
          return Optional.of(failure);
        }
      }
      return Optional.empty();
    }
  }

  /**
   * Agents are being asked and phones rung.
   *
   * @param stepSince when the running step began
   * @param withdrawn reasons of the offers whose phones are told to stop, by offer id
   */
  @Wire("call.state.routing/1")
  @JsonTypeName("routing")
  record Routing(
      String callId,
      CallEvent.Offered offered,
      int step,
      Instant stepSince,
      PVector<OfferFailure> failures,
      PMap<String, String> withdrawn)
      implements Begun {

    /** Offers of the running step that have not failed; in the order of the plan. */
    public List<Offer> runningOffers() {
      List<RingPlan.Step> steps = offered.plan().steps();
      return step < steps.size()
          ? steps.get(step).offers().stream().filter(o -> failure(o.offerId()).isEmpty()).toList()
          : List.of();
    }

    /** The same without why its candidates were chosen or not. */
    Routing withoutTrace() {
      return offered.trace().equals(RoutingTrace.NONE)
          ? this
          : new Routing(callId, offered.withoutTrace(), step, stepSince, failures, withdrawn);
    }

    @Override
    public CallState apply(CallEvent event) {
      return switch (event) {
        case CallEvent.OffersFailed failed ->
            new Routing(
                callId,
                offered,
                failed.step(),
                failed.step() == step ? stepSince : failed.at(),
                failures.plusAll(failed.failures()),
                withdrawn);
        case CallEvent.OfferWithdrawn w ->
            new Routing(
                callId,
                offered,
                step,
                stepSince,
                failures,
                withdrawn.plus(w.offerId(), w.reason()));
        case CallEvent.Connected bridged ->
            new Connected(
                callId,
                offered,
                step,
                failures,
                bridged,
                bridged.callerLeg(),
                bridged.agentLeg(),
                false,
                false,
                null,
                null,
                null);
        case CallEvent.Ended end ->
            new Ended(callId, offered, step, failures, null, null, null, end, null);
        default -> this;
      };
    }
  }

  /**
   * Caller and agent talk.
   *
   * @param callerLeg the caller's dialog as it is now
   * @param agentLeg the agent's dialog as it is now
   * @param callerOnHold the caller's side holds; the timer goes on (QT-6)
   * @param agentOnHold the agent's side holds; the timer goes on (QT-6)
   * @param qualified when the timer was reached, or null
   * @param chargeRefused the wallet's refusal, or null
   * @param recording what is known of its recording, or null
   */
  @Wire("call.state.connected/1")
  @JsonTypeName("connected")
  record Connected(
      String callId,
      CallEvent.Offered offered,
      int step,
      PVector<OfferFailure> failures,
      CallEvent.Connected bridged,
      LegDialog callerLeg,
      LegDialog agentLeg,
      boolean callerOnHold,
      boolean agentOnHold,
      CallEvent.@Nullable Qualified qualified,
      CallEvent.@Nullable ChargeRefused chargeRefused,
      @Nullable CallRecording recording)
      implements Begun {
    @Override
    public CallState apply(CallEvent event) {
      return switch (event) {
        case CallEvent.LegRefreshed r ->
            new Connected(
                callId,
                offered,
                step,
                failures,
                bridged,
                r.agentLeg() ? callerLeg : r.dialog(),
                r.agentLeg() ? r.dialog() : agentLeg,
                r.agentLeg() ? callerOnHold : r.onHold(),
                r.agentLeg() ? r.onHold() : agentOnHold,
                qualified,
                chargeRefused,
                recording);
        case CallEvent.Qualified q -> with(q, chargeRefused, recording);
        case CallEvent.ChargeRefused refused -> with(qualified, refused, recording);
        case CallEvent.Ended end ->
            new Ended(
                callId, offered, step, failures, bridged, qualified, chargeRefused, end, recording);
        default -> recorded(CallRecording.after(recording, event));
      };
    }

    /** The terms the call is under (QT-1). */
    public Optional<Terms> terms() {
      return offered.plan().offer(bridged.offerId()).map(Offer::terms);
    }

    private CallState recorded(@Nullable CallRecording next) {
      return Objects.equals(next, recording) ? this : with(qualified, chargeRefused, next);
    }

    private Connected with(
        CallEvent.@Nullable Qualified crossing,
        CallEvent.@Nullable ChargeRefused refused,
        @Nullable CallRecording recorded) {
      return new Connected(
          callId,
          offered,
          step,
          failures,
          bridged,
          callerLeg,
          agentLeg,
          callerOnHold,
          agentOnHold,
          crossing,
          refused,
          recorded);
    }
  }

  /**
   * The call is over.
   *
   * @param bridged the bridge, or null when nobody answered
   * @param qualified when the timer was reached, or null
   * @param chargeRefused the wallet's refusal, or null
   * @param end how it ended
   * @param recording what is known of its recording, or null
   */
  @Wire("call.state.ended/1")
  @JsonTypeName("ended")
  record Ended(
      String callId,
      CallEvent.Offered offered,
      int step,
      PVector<OfferFailure> failures,
      CallEvent.@Nullable Connected bridged,
      CallEvent.@Nullable Qualified qualified,
      CallEvent.@Nullable ChargeRefused chargeRefused,
      CallEvent.Ended end,
      @Nullable CallRecording recording)
      implements Begun {
    @Override
    public CallState apply(CallEvent event) {
      if (event instanceof CallEvent.ChargeRefused refused) {
        return with(refused, recording);
      }
      CallRecording next = CallRecording.after(recording, event);
      return Objects.equals(next, recording) ? this : with(chargeRefused, next);
    }

    private Ended with(
        CallEvent.@Nullable ChargeRefused refused, @Nullable CallRecording recorded) {
      return new Ended(callId, offered, step, failures, bridged, qualified, refused, end, recorded);
    }
  }
}
