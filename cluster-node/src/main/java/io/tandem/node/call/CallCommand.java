package io.tandem.node.call;

import io.tandem.node.entity.Command;
import io.tandem.node.entity.Opening;
import io.tandem.persistence.call.CallEvent.EndedBy;
import io.tandem.persistence.call.CallerState;
import io.tandem.persistence.call.EdgeRef;
import io.tandem.persistence.call.LegDialog;
import io.tandem.persistence.call.MediaFacts;
import io.tandem.persistence.call.OfferFailure;
import io.tandem.persistence.call.ProofOfLife;
import io.tandem.persistence.call.RecordingPlace;
import io.tandem.persistence.call.RingPlan;
import io.tandem.persistence.call.RoutingTrace;
import io.tandem.persistence.journal.Personal;
import io.tandem.persistence.journal.Wire;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What can be asked of a call, and what is attested to it. Attestations are facts of the edge that
 * carries the call: it sends them again until they are stored, in their order, and they are never
 * refused because of their time.
 */
public sealed interface CallCommand extends Command {

  /** A caller is there and the plan is made (QT-1, MKT-3, MKT-5). Natural key: the call. */
  @Wire("call.do.offer/1")
  record Offer(
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
      RoutingTrace trace)
      implements CallCommand, Opening {}

  /**
   * An entity refused its part of an offer: the wallet its hold, the agent its reservation. Comes
   * from {@code answered}.
   */
  @Wire("call.do.offer-refused/1")
  record OfferRefused(String offerId, String reason, String detail) implements CallCommand {}

  /** The campaign refused the call (MKT-10). Comes from {@code answered}. */
  @Wire("call.do.admission-refused/1")
  record AdmissionRefused(String reason, String detail) implements CallCommand {}

  /** The wallet refused to book the charge; it never should. Comes from {@code answered}. */
  @Wire("call.do.charge-refused/1")
  record ChargeRefused(String reason, String detail) implements CallCommand {}

  /**
   * Attested: a phone did not take the call (no answer in time, declined, unreachable, stopped on
   * our word).
   */
  @Wire("call.do.phone-failed/1")
  record PhoneFailed(OfferFailure failure, Instant at) implements CallCommand {}

  /**
   * Attested: the first answer was bridged to the caller, the other phones were stopped (QT-2,
   * MKT-3).
   */
  @Wire("call.do.bridged/1")
  record Bridged(
      String offerId, LegDialog callerLeg, LegDialog agentLeg, List<String> lost, Instant at)
      implements CallCommand {}

  /** Attested: a leg was negotiated anew (QT-6). */
  @Wire("call.do.leg-refreshed/1")
  record LegRefreshed(boolean agentLeg, LegDialog dialog, boolean onHold, Instant at)
      implements CallCommand {}

  /**
   * Attested: whether the call is recorded, why, and where (TEL-14, CMP-3).
   *
   * @param place null when it is not recorded
   */
  @Wire("call.do.recording-decided/1")
  record RecordingDecided(String ground, @Nullable RecordingPlace place, Instant at)
      implements CallCommand {}

  /** Attested: the recording is whole. */
  @Wire("call.do.recording-done/1")
  record RecordingDone(
      long millis, long octets, String sha256, long lostMillis, String failure, Instant at)
      implements CallCommand {}

  /** Keep nothing of what is said for a while (TEL-14), or go on. */
  @Wire("call.do.pause-recording/1")
  record PauseRecording(boolean paused) implements CallCommand {}

  /** Attested: connected time reached the timer, by the edge's monotonic clock (QT-3). */
  @Wire("call.do.crossed/1")
  record Crossed(long connectedMillis, Instant at) implements CallCommand {}

  /**
   * Attested: the call is over.
   *
   * @param media how its voice was; null when it was never connected
   */
  @Wire("call.do.legs-ended/1")
  record LegsEnded(
      EndedBy endedBy, String cause, long connectedMillis, Instant at, @Nullable MediaFacts media)
      implements CallCommand {
    /** An end without voice. */
    public LegsEnded(EndedBy endedBy, String cause, long connectedMillis, Instant at) {
      this(endedBy, cause, connectedMillis, at, null);
    }

    /** The same with how its voice was. */
    public LegsEnded with(MediaFacts facts) {
      return new LegsEnded(endedBy, cause, connectedMillis, at, facts);
    }
  }

  /**
   * The edge that carried the call died; the proof is all that is known (QT-5). Only for that edge.
   */
  @Wire("call.do.edge-lost/1")
  record EdgeLost(ProofOfLife proof) implements CallCommand {}

  /** An agent of a ringing offer may no longer take calls (COOL-3). */
  @Wire("call.do.agent-withdrawn/1")
  record AgentWithdrawn(String offerId, String reason) implements CallCommand {}

  /** A wallet asks whether an old hold is still needed (WAL-3). */
  @Wire("call.do.hold-inquiry/1")
  record HoldInquiry(String holdId) implements CallCommand {}

  /** A campaign asks whether an old admission still counts (MKT-10). */
  @Wire("call.do.admission-inquiry/1")
  record AdmissionInquiry() implements CallCommand {}

  /** An agent asks whether an old reservation still counts (MKT-10). */
  @Wire("call.do.reservation-inquiry/1")
  record ReservationInquiry(String offerId) implements CallCommand {}

  /** Time has come. */
  @Wire("call.do.wake/1")
  record Wake() implements CallCommand {}

  /** Tell how the call is. */
  @Wire("call.do.read/1")
  record Read() implements CallCommand {}
}
