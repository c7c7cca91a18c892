package io.tandem.node.number;

import io.tandem.node.entity.Command;
import io.tandem.persistence.journal.Wire;

/** What can be asked of one of our phone numbers. */
public sealed interface NumberCommand extends Command {

  /** Send its calls to a campaign of the account. Refused while it belongs to another account. */
  @Wire("number.do.assign/1")
  record Assign(String accountId, String campaignId) implements NumberCommand {}

  /** Send its calls nowhere. */
  @Wire("number.do.unassign/1")
  record Unassign(String reason) implements NumberCommand {}

  /** Time has come. */
  @Wire("number.do.wake/1")
  record Wake() implements NumberCommand {}

  /** Tell where its calls go. */
  @Wire("number.do.read/1")
  record Read() implements NumberCommand {}
}
