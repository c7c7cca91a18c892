package io.tandem.node.dispute;

import io.tandem.node.entity.Command;
import io.tandem.persistence.dispute.DisputeEvidence;
import io.tandem.persistence.dispute.DisputeGround;
import io.tandem.persistence.dispute.DisputeReason;
import io.tandem.persistence.dispute.DisputeVerdict;
import io.tandem.persistence.dispute.DisputedCall;
import io.tandem.persistence.journal.Personal;
import io.tandem.persistence.journal.Wire;
import io.tandem.persistence.money.Money;
import org.jspecify.annotations.Nullable;

/** What can be asked of a dispute (DSP-1..6). */
public sealed interface DisputeCommand extends Command {

  /** A customer wants the charge of a call back. Natural key: the call. */
  @Wire("dispute.do.file/1")
  record File(
      DisputedCall call,
      DisputeReason reason,
      @Nullable Personal<String> statement,
      DisputeEvidence evidence)
      implements DisputeCommand {}

  /** A reviewer begins to look at it. */
  @Wire("dispute.do.review/1")
  record Review(@Nullable Personal<String> note) implements DisputeCommand {}

  /**
   * Decide it.
   *
   * @param credit what is given back; null for all of the charge, or for nothing, as the verdict
   *     says
   */
  @Wire("dispute.do.decide/1")
  record Decide(
      DisputeVerdict verdict, DisputeGround ground, @Nullable Money credit, Personal<String> note)
      implements DisputeCommand {}

  /** The wallet has booked the credit. Comes from {@code answered}. */
  @Wire("dispute.do.note-credit/1")
  record NoteCredit(String creditId) implements DisputeCommand {}

  /** The wallet refused the credit; it never should. Comes from {@code answered}. */
  @Wire("dispute.do.note-credit-refused/1")
  record NoteCreditRefused(String reason, String detail) implements DisputeCommand {}

  /** The agent's ratio is without the call. Comes from {@code answered}. */
  @Wire("dispute.do.note-excuse/1")
  record NoteExcuse() implements DisputeCommand {}

  /** Time has come. */
  @Wire("dispute.do.wake/1")
  record Wake() implements DisputeCommand {}

  /** Tell how it is. */
  @Wire("dispute.do.read/1")
  record Read() implements DisputeCommand {}
}
