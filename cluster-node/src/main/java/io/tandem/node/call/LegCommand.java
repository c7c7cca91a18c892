package io.tandem.node.call;

import io.tandem.node.entity.EdgeSignal;
import io.tandem.persistence.call.Offer;
import io.tandem.persistence.journal.Wire;

/**
 * What a call tells its legs, the small port between the call and whoever speaks SIP for it. Each
 * is done once, however often it comes; the edge answers what comes of it with an attestation.
 */
public sealed interface LegCommand extends EdgeSignal {

  /** The call that is meant. */
  String callId();

  /**
   * Ring the phone of an agent with its terms shown (QT-1); the edge rings at most {@code
   * ringMillis} and attests what came of it.
   */
  @Wire("call.leg.ring/1")
  record Ring(String callId, Offer offer, long ringMillis) implements LegCommand {}

  /**
   * Stop ringing a phone; the edge attests {@code PhoneFailed} or, if it was quicker, {@code
   * Bridged}. A phone that is not ringing yet will not: the edge attests {@code PhoneFailed} and
   * does not heed a {@code Ring} of the offer that comes later.
   */
  @Wire("call.leg.stop-ringing/1")
  record StopRinging(String callId, String offerId, String reason) implements LegCommand {}

  /** Refuse the caller with a SIP status and stop whatever rings; the edge attests nothing. */
  @Wire("call.leg.reject/1")
  record Reject(String callId, int sipStatus, String reason) implements LegCommand {}

  /** End both legs; the edge attests {@code LegsEnded}. */
  @Wire("call.leg.hang-up/1")
  record HangUp(String callId, String reason) implements LegCommand {}

  /** Keep nothing of the recording, or go on; nothing is attested. */
  @Wire("call.leg.pause-recording/1")
  record PauseRecording(String callId, boolean paused) implements LegCommand {}

  /**
   * Attest again all that is known of the call; when the edge does not carry it, {@code LegsEnded}
   * with cause {@code NOT_CARRIED}. The call's own deadline asks this and never decides a crossing
   * itself (QT-3).
   */
  @Wire("call.leg.report/1")
  record Report(String callId) implements LegCommand {}
}
