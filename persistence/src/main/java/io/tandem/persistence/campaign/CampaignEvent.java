package io.tandem.persistence.campaign;

import io.tandem.persistence.journal.DomainEvent;
import io.tandem.persistence.money.Money;
import java.time.Instant;

/** What happened to a campaign: its terms, and the calls its caps admitted (MKT-1, MKT-10). */
public sealed interface CampaignEvent extends DomainEvent {

  /** When it happened, by the clock of the node that decided. */
  Instant at();

  /** The campaign exists and takes calls of one vertical. */
  record Created(String accountId, String name, CampaignTerms terms, Instant at) implements CampaignEvent {}

  /** Calls that come from now on are treated so. */
  record TermsChanged(CampaignTerms terms, Instant at) implements CampaignEvent {}

  /** A call counts against the caps (MKT-10). Only campaigns with a cap are asked. */
  record Admitted(String callId, Money worstPrice, Instant at) implements CampaignEvent {}

  /**
   * The call ended and no longer counts as concurrent; what it was not charged goes back to the budget.
   *
   * @param charged zero when nothing was charged
   * @param forestalled the call had never been admitted here; if it comes later it is refused
   */
  record Discharged(String callId, Money charged, boolean forestalled, Instant at) implements CampaignEvent {}
}
