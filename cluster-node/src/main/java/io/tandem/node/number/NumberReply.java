package io.tandem.node.number;

import io.tandem.node.entity.Reply;
import io.tandem.persistence.number.NumberState;

/** What a phone number answers. {@code already} says that it had been done before and nothing changed now. */
public sealed interface NumberReply extends Reply {

  /** Done; this is how it is now. */
  record Done(NumberState state, boolean already) implements NumberReply {}

  /** How it is. */
  record View(NumberState state) implements NumberReply {}

  /** Time was looked at. */
  record Awake() implements NumberReply {}

  /** There is no such thing. */
  record Unknown() implements NumberReply {}

  /** It exists and is another's or another. */
  record Taken(String field) implements NumberReply {}

  /** Something in the command is not allowed. */
  record Invalid(String field, String found, String allowed) implements NumberReply {}

  /** The same id with other content. */
  record Conflict(String field) implements NumberReply {}
}
