package io.tandem.node.account;

import io.tandem.node.entity.Reply;
import io.tandem.persistence.account.AccountState;
import io.tandem.persistence.journal.Wire;

/**
 * What an account answers. {@code already} says that it had been done before and nothing changed
 * now.
 */
public sealed interface AccountReply extends Reply {

  /** Done; this is how it is now. */
  @Wire("account.re.done/1")
  record Done(AccountState state, boolean already) implements AccountReply {}

  /** How it is. */
  @Wire("account.re.view/1")
  record View(AccountState state) implements AccountReply {}

  /** Time was looked at. */
  @Wire("account.re.awake/1")
  record Awake() implements AccountReply {}

  /** There is no such account. */
  @Wire("account.re.unknown/1")
  record Unknown() implements AccountReply {}

  /** Something in the command is not allowed. */
  @Wire("account.re.invalid/1")
  record Invalid(String field, String found, String allowed) implements AccountReply {}

  /** The same id with other content. */
  @Wire("account.re.conflict/1")
  record Conflict(String field) implements AccountReply {}
}
