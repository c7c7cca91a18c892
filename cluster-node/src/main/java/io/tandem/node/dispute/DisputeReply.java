package io.tandem.node.dispute;

import io.tandem.node.entity.Reply;
import io.tandem.persistence.dispute.DisputeReason;
import io.tandem.persistence.dispute.DisputeState;
import io.tandem.persistence.journal.Wire;
import java.time.Instant;

/**
 * What a dispute answers. {@code already} says that it had been done before and nothing changed
 * now.
 */
public sealed interface DisputeReply extends Reply {

  /** Done; this is how it is now. */
  @Wire("dispute.re.done/1")
  record Done(DisputeState state, boolean already) implements DisputeReply {}

  /** How it is. */
  @Wire("dispute.re.view/1")
  record View(DisputeState state) implements DisputeReply {}

  /** Time was looked at. */
  @Wire("dispute.re.awake/1")
  record Awake() implements DisputeReply {}

  /** There is no such dispute. */
  @Wire("dispute.re.unknown/1")
  record Unknown() implements DisputeReply {}

  /** Something in the command is not allowed. */
  @Wire("dispute.re.invalid/1")
  record Invalid(String field, String found, String allowed) implements DisputeReply {}

  /** It is filed, or decided, with other content; {@code field} is the first that differs. */
  @Wire("dispute.re.conflict/1")
  record Conflict(String field) implements DisputeReply {}

  /** DSP-3: the reason cannot win. */
  @Wire("dispute.re.cannot-win/1")
  record CannotWin(DisputeReason reason) implements DisputeReply {}

  /** DSP-1: filed after the end of the fifth business day. */
  @Wire("dispute.re.too-late/1")
  record TooLate(Instant deadline) implements DisputeReply {}

  /** DSP-4: it does not stand where this can be done. */
  @Wire("dispute.re.wrong-phase/1")
  record WrongPhase(DisputeState.Phase found, DisputeState.Phase needed) implements DisputeReply {}
}
