package io.tandem.node.call;

import io.tandem.node.entity.Reply;
import io.tandem.persistence.call.CallState;
import io.tandem.persistence.journal.Wire;

/** What a call answers. */
public sealed interface CallReply extends Reply {

  /** It is stored, now or before. */
  @Wire("call.re.noted/1")
  record Noted(boolean already) implements CallReply {}

  /** The call as it is. */
  @Wire("call.re.view/1")
  record View(CallState state) implements CallReply {}

  /** The hold, admission or reservation asked about is still needed. */
  @Wire("call.re.still-needed/1")
  record StillNeeded() implements CallReply {}

  /** It is not: the call never was, is over, or went another way. */
  @Wire("call.re.not-needed/1")
  record NotNeeded(String reason) implements CallReply {}

  /** There is no such call. */
  @Wire("call.re.unknown/1")
  record Unknown() implements CallReply {}

  /**
   * The attestation does not fit the call: another edge carries it, or the offer does not exist.
   */
  @Wire("call.re.misplaced/1")
  record Misplaced(String reason) implements CallReply {}

  /** The same id with other content. */
  @Wire("call.re.conflict/1")
  record Conflict(String field) implements CallReply {}
}
