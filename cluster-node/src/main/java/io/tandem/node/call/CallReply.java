package io.tandem.node.call;

import io.tandem.node.entity.Reply;
import io.tandem.persistence.call.CallState;

/** What a call answers. */
public sealed interface CallReply extends Reply {

  /** It is stored, now or before. */
  record Noted(boolean already) implements CallReply {}

  /** The call as it is. */
  record View(CallState state) implements CallReply {}

  /** The hold, admission or reservation asked about is still needed. */
  record StillNeeded() implements CallReply {}

  /** It is not: the call never was, is over, or went another way. */
  record NotNeeded(String reason) implements CallReply {}

  /** There is no such call. */
  record Unknown() implements CallReply {}

  /** The attestation does not fit the call: another edge carries it, or the offer does not exist. */
  record Misplaced(String reason) implements CallReply {}

  /** The same id with other content. */
  record Conflict(String field) implements CallReply {}
}
