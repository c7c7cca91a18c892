package io.tandem.node.security;

import io.tandem.node.entity.Reply;
import io.tandem.persistence.journal.Wire;
import io.tandem.persistence.security.SecurityState;

/** What a log of security events answers. */
public sealed interface SecurityReply extends Reply {

  /** It is in the log; {@code already} says that it had been there before. */
  @Wire("security.re.noted/1")
  record Noted(SecurityState state, boolean already) implements SecurityReply {}

  /** How far it is. */
  @Wire("security.re.view/1")
  record View(SecurityState state) implements SecurityReply {}

  /** Time was looked at. */
  @Wire("security.re.awake/1")
  record Awake() implements SecurityReply {}

  /** Something in the command is not allowed. */
  @Wire("security.re.invalid/1")
  record Invalid(String field, String found, String allowed) implements SecurityReply {}

  /** The same id with other content. */
  @Wire("security.re.conflict/1")
  record Conflict(String field) implements SecurityReply {}
}
