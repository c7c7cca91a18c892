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

  /**
   * What was asked about is still needed, or the call itself is about to end it with what it came
   * to.
   */
  @Wire("call.re.still-needed/1")
  record StillNeeded() implements CallReply {}

  /** It is not: the call never was, is over, or went another way. */
  @Wire("call.re.not-needed/1")
  record NotNeeded(String reason) implements CallReply {}

  /** There is no such call. */
  @Wire("call.re.unknown/1")
  record Unknown() implements CallReply {}

  /**
   * The attestation does not fit the call: another edge carries it, the offer does not run, or the
   * call was ended without its edge. An edge that is told so upon {@code Bridged} or {@code
   * Crossed} ends the legs it has: nobody pays for them.
   */
  @Wire("call.re.misplaced/1")
  record Misplaced(String reason) implements CallReply {}

  /** The same id with other content. */
  @Wire("call.re.conflict/1")
  record Conflict(String field) implements CallReply {}
}
