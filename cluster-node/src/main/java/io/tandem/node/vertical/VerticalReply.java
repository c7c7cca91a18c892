package io.tandem.node.vertical;

import io.tandem.node.entity.Reply;
import io.tandem.persistence.journal.Wire;
import io.tandem.persistence.vertical.VerticalState;

/**
 * What a vertical answers. {@code already} says that it had been done before and nothing changed
 * now.
 */
public sealed interface VerticalReply extends Reply {

  /** Done; this is how it is now. */
  @Wire("vertical.re.done/1")
  record Done(VerticalState state, boolean already) implements VerticalReply {}

  /** How it is. */
  @Wire("vertical.re.view/1")
  record View(VerticalState state) implements VerticalReply {}

  /** Time was looked at. */
  @Wire("vertical.re.awake/1")
  record Awake() implements VerticalReply {}

  /** There is no such vertical. */
  @Wire("vertical.re.unknown/1")
  record Unknown() implements VerticalReply {}

  /** Something in the command is not allowed. */
  @Wire("vertical.re.invalid/1")
  record Invalid(String field, String found, String allowed) implements VerticalReply {}

  /** The same id with other content. */
  @Wire("vertical.re.conflict/1")
  record Conflict(String field) implements VerticalReply {}
}
