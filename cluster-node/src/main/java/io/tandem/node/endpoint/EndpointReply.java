package io.tandem.node.endpoint;

import io.tandem.node.entity.Reply;
import io.tandem.persistence.endpoint.EndpointState;
import io.tandem.persistence.journal.Wire;

/**
 * What a SIP endpoint answers. {@code already} says that it had been done before and nothing
 * changed now.
 */
public sealed interface EndpointReply extends Reply {

  /** Done; this is how it is now. */
  @Wire("endpoint.re.done/1")
  record Done(EndpointState state, boolean already) implements EndpointReply {}

  /** How it is. */
  @Wire("endpoint.re.view/1")
  record View(EndpointState state) implements EndpointReply {}

  /** Time was looked at. */
  @Wire("endpoint.re.awake/1")
  record Awake() implements EndpointReply {}

  /** There is no such SIP endpoint. */
  @Wire("endpoint.re.unknown/1")
  record Unknown() implements EndpointReply {}

  /** It belongs to another account. */
  @Wire("endpoint.re.taken/1")
  record Taken(String field) implements EndpointReply {}

  /** Something in the command is not allowed. */
  @Wire("endpoint.re.invalid/1")
  record Invalid(String field, String found, String allowed) implements EndpointReply {}

  /** The same id with other content. */
  @Wire("endpoint.re.conflict/1")
  record Conflict(String field) implements EndpointReply {}
}
