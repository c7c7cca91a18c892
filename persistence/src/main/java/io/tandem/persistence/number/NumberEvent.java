package io.tandem.persistence.number;

import io.tandem.persistence.journal.DomainEvent;
import io.tandem.persistence.journal.Wire;
import java.time.Instant;

/** What happened to one of our own phone numbers (its E.164 digits are the entity's id). */
public sealed interface NumberEvent extends DomainEvent {

  /** When it happened, by the clock of the node that decided. */
  Instant at();

  /** Calls to the number go to a campaign of the account. */
  @Wire("number.assigned/1")
  record Assigned(String accountId, String campaignId, Instant at) implements NumberEvent {}

  /** Calls to the number go nowhere. */
  @Wire("number.unassigned/1")
  record Unassigned(String reason, Instant at) implements NumberEvent {}
}
