package io.tandem.node.number;

import io.tandem.node.entity.Reply;
import io.tandem.persistence.journal.Wire;
import io.tandem.persistence.number.NumberState;

/**
 * What a phone number answers. {@code already} says that it had been done before and nothing
 * changed now.
 */
public sealed interface NumberReply extends Reply {

  /** Done; this is how it is now. */
  @Wire("number.re.done/1")
  record Done(NumberState state, boolean already) implements NumberReply {}

  /** How it is. */
  @Wire("number.re.view/1")
  record View(NumberState state) implements NumberReply {}

  /** Time was looked at. */
  @Wire("number.re.awake/1")
  record Awake() implements NumberReply {}

  /** There is no such phone number. */
  @Wire("number.re.unknown/1")
  record Unknown() implements NumberReply {}

  /** It belongs to another account. */
  @Wire("number.re.taken/1")
  record Taken(String field) implements NumberReply {}

  /** Something in the command is not allowed. */
  @Wire("number.re.invalid/1")
  record Invalid(String field, String found, String allowed) implements NumberReply {}

  /** The same id with other content. */
  @Wire("number.re.conflict/1")
  record Conflict(String field) implements NumberReply {}
}
