package io.tandem.node.edge.legs;

import io.tandem.node.call.CallCommand;
import io.tandem.persistence.call.Offer;
import java.time.Instant;
import java.util.List;

/** What the legs want done. Carried out in the order given. */
public sealed interface LegOutput {

  /** Send the INVITE to the phone, with its terms shown (QT-1). */
  record InvitePhone(Offer offer) implements LegOutput {}

  /** Send the CANCEL; when its 200 was quicker, it comes as an answer. */
  record CancelPhone(String offerId) implements LegOutput {}

  /** Acknowledge the phone's answer: it is the one. */
  record AcceptPhone(String offerId) implements LegOutput {}

  /** Acknowledge and end: the phone answered too late. */
  record DismissPhone(String offerId) implements LegOutput {}

  /** Tell the caller that a phone rings. */
  record RingCaller() implements LegOutput {}

  /** Answer the caller with the phone's answer, and let media pass both ways. */
  record AnswerCaller(String offerId) implements LegOutput {}

  /** Refuse the caller's INVITE. */
  record RejectCaller(int sipStatus, String reason) implements LegOutput {}

  /** End the caller's side with a BYE. */
  record ByeCaller(String reason) implements LegOutput {}

  /** End the agent's side with a BYE. */
  record ByeAgent(String reason) implements LegOutput {}

  /** Attest the bridge; the dialogs are the shell's to fill in. */
  record AttestBridged(String offerId, List<String> lost, Instant at) implements LegOutput {}

  /** Attest a fact to the call. */
  record Attest(CallCommand fact) implements LegOutput {}

  /**
   * Give the input back after so many milliseconds, unless the timer is cancelled. A timer of the
   * same name is replaced.
   */
  record SetTimer(String name, long delayMillis, LegInput input) implements LegOutput {}

  /** Forget a timer. */
  record CancelTimer(String name) implements LegOutput {}

  /** Nothing more passes; the ports go back. */
  record CloseMedia() implements LegOutput {}
}
