package io.tandem.node.edge.legs;

import io.tandem.persistence.call.Offer;

/**
 * What can come to the legs of a call: from the call that decides, from the phones, and from time.
 */
public sealed interface LegInput {

  /** The call wants this phone rung, for so long at most. */
  record Ring(Offer offer, long ringMillis) implements LegInput {}

  /** The call wants this phone to ring no more. */
  record StopRinging(String offerId, String reason) implements LegInput {}

  /** The call refuses the caller. */
  record Reject(int sipStatus, String reason) implements LegInput {}

  /** The call wants both sides gone. */
  record HangUp(String reason) implements LegInput {}

  /** The phone says that it rings (a provisional response above 100). */
  record PhoneRings(String offerId) implements LegInput {}

  /** The phone answered and its answer can be used. */
  record PhoneAnswered(String offerId) implements LegInput {}

  /**
   * The phone will not answer: a final status, 408 when it stayed silent, 480 when there is no
   * phone, 503 when it cannot be reached.
   */
  record PhoneRefused(String offerId, int sipStatus) implements LegInput {}

  /** The time to ring is over. */
  record RingTimeOver(String offerId) implements LegInput {}

  /** The phone did not say in time that it had stopped ringing. */
  record StopTimeOver(String offerId) implements LegInput {}

  /** The caller gave up before the answer. */
  record CallerCancelled() implements LegInput {}

  /** The caller has acknowledged our answer. */
  record CallerAcknowledged() implements LegInput {}

  /** The caller never acknowledged the answer (RFC 3261 13.3.1.4). */
  record CallerSilent() implements LegInput {}

  /** The caller hung up. */
  record CallerHungUp() implements LegInput {}

  /** The agent hung up. */
  record AgentHungUp() implements LegInput {}

  /**
   * A connected leg is not there any more: its session expired (RFC 4028), or it does not know the
   * dialog or answer in it (RFC 3261 12.2.1.2).
   */
  record LegGone(boolean agentLeg, String cause) implements LegInput {}

  /** The qualifying timer has come, by the timer that was set; the clock decides. */
  record TimerDue() implements LegInput {}
}
