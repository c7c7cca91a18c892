package io.tandem.node.vertical;

import io.tandem.node.entity.Reply;
import io.tandem.persistence.vertical.VerticalState;

/** What a vertical answers. {@code already} says that it had been done before and nothing changed now. */
public sealed interface VerticalReply extends Reply {

  /** Done; this is how it is now. */
  record Done(VerticalState state, boolean already) implements VerticalReply {}

  /** How it is. */
  record View(VerticalState state) implements VerticalReply {}

  /** Time was looked at. */
  record Awake() implements VerticalReply {}

  /** There is no such thing. */
  record Unknown() implements VerticalReply {}

  /** It exists and is another's or another. */
  record Taken(String field) implements VerticalReply {}

  /** Something in the command is not allowed. */
  record Invalid(String field, String found, String allowed) implements VerticalReply {}

  /** The same id with other content. */
  record Conflict(String field) implements VerticalReply {}
}
