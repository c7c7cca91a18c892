package io.tandem.node.endpoint;

import io.tandem.node.entity.Reply;
import io.tandem.persistence.endpoint.EndpointState;

/** What a SIP endpoint answers. {@code already} says that it had been done before and nothing changed now. */
public sealed interface EndpointReply extends Reply {

  /** Done; this is how it is now. */
  record Done(EndpointState state, boolean already) implements EndpointReply {}

  /** How it is. */
  record View(EndpointState state) implements EndpointReply {}

  /** Time was looked at. */
  record Awake() implements EndpointReply {}

  /** There is no such thing. */
  record Unknown() implements EndpointReply {}

  /** It exists and is another's or another. */
  record Taken(String field) implements EndpointReply {}

  /** Something in the command is not allowed. */
  record Invalid(String field, String found, String allowed) implements EndpointReply {}

  /** The same id with other content. */
  record Conflict(String field) implements EndpointReply {}
}
