package io.tandem.node.account;

import io.tandem.node.entity.Reply;
import io.tandem.persistence.account.AccountState;

/** What an account answers. {@code already} says that it had been done before and nothing changed now. */
public sealed interface AccountReply extends Reply {

  /** Done; this is how it is now. */
  record Done(AccountState state, boolean already) implements AccountReply {}

  /** How it is. */
  record View(AccountState state) implements AccountReply {}

  /** Time was looked at. */
  record Awake() implements AccountReply {}

  /** There is no such thing. */
  record Unknown() implements AccountReply {}

  /** It exists and is another's or another. */
  record Taken(String field) implements AccountReply {}

  /** Something in the command is not allowed. */
  record Invalid(String field, String found, String allowed) implements AccountReply {}

  /** The same id with other content. */
  record Conflict(String field) implements AccountReply {}
}
