package io.tandem.persistence.call;

import io.tandem.persistence.journal.DomainEvent;
import io.tandem.persistence.journal.Personal;
import io.tandem.persistence.journal.Wire;
import io.tandem.persistence.money.Money;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What happened to a call. The common path has four: offered, connected, qualified, ended. What the
 * wallet and the agent answered on the way is known from what follows and costs no event of its
 * own.
 */
public sealed interface CallEvent extends DomainEvent {

  /**
   * When it happened, by the clock of the node that decided or, where it says so, of the edge that
   * attested it.
   */
  Instant at();

  /**
   * A caller's INVITE came to a campaign's number; the plan and its terms are fixed (QT-1, MKT-3),
   * and the trace says why (MKT-5).
   *
   * @param callerBlind keyed hash of the caller's number, to find repeats without keeping the
   *     number
   * @param capped whether the campaign admits the call first (MKT-10)
   */
  @Wire("call.offered/1")
  record Offered(
      String campaignId,
      String campaignAccountId,
      Personal<String> caller,
      String callerBlind,
      CallerState callerState,
      String calledNumber,
      boolean capped,
      EdgeRef edge,
      LegDialog callerLeg,
      RingPlan plan,
      RoutingTrace trace,
      Instant at)
      implements CallEvent {

    /** The same without why its candidates were chosen or not. */
    Offered withoutTrace() {
      return new Offered(
          campaignId,
          campaignAccountId,
          caller,
          callerBlind,
          callerState,
          calledNumber,
          capped,
          edge,
          callerLeg,
          plan,
          RoutingTrace.NONE,
          at);
    }
  }

  /**
   * Offers of the running step failed; the others of the step go on. When none is left the next
   * step rings.
   *
   * @param step index of the step that runs after this event; equal to the number of steps when the
   *     plan is used up
   */
  @Wire("call.offers-failed/1")
  record OffersFailed(List<OfferFailure> failures, int step, Instant at) implements CallEvent {}

  /**
   * A ringing offer's agent may no longer take the call (COOL-3): the edge is told to stop its
   * phone, and its word decides what comes of it.
   *
   * @param reason the trade's word: {@code IN_COOLDOWN}, {@code OFFLINE} …
   */
  @Wire("call.offer-withdrawn/1")
  record OfferWithdrawn(String offerId, String reason, Instant at) implements CallEvent {}

  /**
   * The agent's answer was bridged to the caller (QT-2), as the edge attested it.
   *
   * @param at instant of the bridge by the edge's clock
   * @param qualifiesAt when the timer will be reached if both stay
   * @param lost offers that rang beside it and were stopped
   */
  @Wire("call.connected/1")
  record Connected(
      String offerId,
      LegDialog callerLeg,
      LegDialog agentLeg,
      List<String> lost,
      Instant at,
      Instant qualifiesAt)
      implements CallEvent {}

  /**
   * A leg was negotiated anew (hold, mute, re-INVITE): the timer goes on (QT-6), a survivor needs
   * the new dialog.
   */
  @Wire("call.leg-refreshed/1")
  record LegRefreshed(boolean agentLeg, LegDialog dialog, boolean onHold, Instant at)
      implements CallEvent {}

  /**
   * Connected time reached the timer (QT-3): the charge is due now, not at hang-up (QT-4).
   *
   * @param connectedMillis by the monotonic clock of the edge; at least the timer
   * @param at instant of the crossing by the edge's clock
   */
  @Wire("call.qualified/1")
  record Qualified(long connectedMillis, Money charge, Instant at) implements CallEvent {}

  /**
   * The wallet refused to book the charge. It never should; the call stops asking, and this is what
   * an alarm and an auditor find.
   *
   * @param reason the refusal's name, such as {@code CONFLICT}
   */
  @Wire("call.charge-refused/1")
  record ChargeRefused(String reason, String detail, Instant at) implements CallEvent {}

  /**
   * The call is over.
   *
   * @param endedBy who ended it
   * @param cause the trade's word: {@code NORMAL}, {@code CANCELLED}, {@code NO_AGENT}, {@code
   *     EDGE_LOST} …
   * @param connectedMillis connected time; zero when never connected
   * @param charge what the call costs: the terms' price when it qualified, zero otherwise; null
   *     when no offer was answered
   * @param proof cited where the true end cannot be known (QT-5)
   * @param at instant of the end by the edge's clock, or by the proof
   * @param media how its voice was; null when it never connected, and when its edge died
   */
  @Wire("call.ended/2")
  record Ended(
      EndedBy endedBy,
      String cause,
      long connectedMillis,
      boolean qualified,
      @Nullable Money charge,
      @Nullable ProofOfLife proof,
      Instant at,
      @Nullable MediaFacts media)
      implements CallEvent {
    /** An end without voice. */
    public Ended(
        EndedBy endedBy,
        String cause,
        long connectedMillis,
        boolean qualified,
        @Nullable Money charge,
        @Nullable ProofOfLife proof,
        Instant at) {
      this(endedBy, cause, connectedMillis, qualified, charge, proof, at, null);
    }
  }

  /**
   * Whether the call is recorded, and why (CMP-3), as the edge attested it. Only calls of campaigns
   * that want a recording have this.
   *
   * @param ground {@code NOTICE_PLAYED}, or why there is none: {@code NOTICE_NOT_PLAYED}, {@code
   *     CODEC_UNKNOWN}, {@code VOICE_OVERLOADED}, {@code STORE_FAILED}
   * @param place where it is; null when it is not made
   */
  @Wire("call.recording-decided/1")
  record RecordingDecided(String ground, @Nullable RecordingPlace place, Instant at)
      implements CallEvent {}

  /** Somebody asked that nothing be kept for a while (TEL-14: card data), or to go on. */
  @Wire("call.recording-paused/1")
  record RecordingPaused(boolean paused, Instant at) implements CallEvent {}

  /**
   * The recording is whole, as the edge attested it.
   *
   * @param millis of sound, pauses cut out
   * @param octets of the file
   * @param sha256 of the file as it is kept, in hex; empty when it failed
   * @param lostMillis of the call that should be in it and are not: the disk was too slow, or what
   *     was spoken could not be decoded
   * @param failure what the disk said; empty when all went well
   */
  @Wire("call.recording-done/1")
  record RecordingDone(
      long millis, long octets, String sha256, long lostMillis, String failure, Instant at)
      implements CallEvent {}

  /** Who ended a call. */
  enum EndedBy {
    CALLER,
    AGENT,
    PLATFORM
  }
}
