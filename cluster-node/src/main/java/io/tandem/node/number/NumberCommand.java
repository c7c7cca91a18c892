package io.tandem.node.number;

import io.tandem.node.entity.Command;

/** What can be asked of one of our phone numbers. */
public sealed interface NumberCommand extends Command {

  /** Send its calls to a campaign of the account. Refused while it belongs to another account. */
  record Assign(String accountId, String campaignId) implements NumberCommand {}

  /** Send its calls nowhere. */
  record Unassign(String reason) implements NumberCommand {}

  /** Time has come. */
  record Wake() implements NumberCommand {}

  /** Tell where its calls go. */
  record Read() implements NumberCommand {}
}
