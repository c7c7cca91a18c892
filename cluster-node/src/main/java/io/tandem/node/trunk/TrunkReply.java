package io.tandem.node.trunk;

import io.tandem.node.entity.Reply;
import io.tandem.persistence.journal.Wire;
import io.tandem.persistence.trunk.TrunkState;

/**
 * What a trunk answers. {@code already} says that it had been done before and nothing changed now.
 */
public sealed interface TrunkReply extends Reply {

  /** Done; this is the trunk now. */
  @Wire("trunk.re.done/1")
  record Done(TrunkState state, boolean already) implements TrunkReply {}

  /** The call counts against the limits. */
  @Wire("trunk.re.admitted/1")
  record Admitted(String callId, boolean already) implements TrunkReply {}

  /**
   * The call does not fit (MKT-10).
   *
   * @param reason {@code OFF}, {@code RATE_REACHED}, {@code CONCURRENCY_REACHED} or {@code
   *     CALL_ENDED}
   */
  @Wire("trunk.re.not-admitted/1")
  record NotAdmitted(String reason, String detail) implements TrunkReply {}

  /** The call no longer counts. */
  @Wire("trunk.re.released/1")
  record Released(String callId, boolean already) implements TrunkReply {}

  /** How it is. */
  @Wire("trunk.re.view/1")
  record View(TrunkState state) implements TrunkReply {}

  /** Time was looked at. */
  @Wire("trunk.re.awake/1")
  record Awake() implements TrunkReply {}

  /** There is no such trunk. */
  @Wire("trunk.re.unknown/1")
  record Unknown() implements TrunkReply {}

  /** Something in the command is not allowed. */
  @Wire("trunk.re.invalid/1")
  record Invalid(String field, String found, String allowed) implements TrunkReply {}

  /** The same id with other content. */
  @Wire("trunk.re.conflict/1")
  record Conflict(String field) implements TrunkReply {}
}
