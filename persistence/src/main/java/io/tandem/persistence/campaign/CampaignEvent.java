package io.tandem.persistence.campaign;

import io.tandem.persistence.journal.DomainEvent;
import io.tandem.persistence.journal.Wire;
import io.tandem.persistence.money.Money;
import java.time.Instant;
import java.time.LocalDate;

/** What happened to a campaign: its terms, and the calls its caps admitted (MKT-1, MKT-10). */
public sealed interface CampaignEvent extends DomainEvent {

  /** When it happened, by the clock of the node that decided. */
  Instant at();

  /** The campaign exists and takes calls of one vertical. */
  @Wire("campaign.created/1")
  record Created(String accountId, String name, CampaignTerms terms, Instant at)
      implements CampaignEvent {}

  /** Calls that come from now on are treated so. */
  @Wire("campaign.terms-changed/1")
  record TermsChanged(CampaignTerms terms, Instant at) implements CampaignEvent {}

  /**
   * A call counts against the caps (MKT-10). Only campaigns with a cap are asked.
   *
   * @param day the day of the campaign's schedule whose caps it counts against, however late it
   *     ends
   * @param askAt when the call is asked whether it still counts, so that a count never leaks
   */
  @Wire("campaign.admitted/1")
  record Admitted(String callId, Money worstPrice, LocalDate day, Instant at, Instant askAt)
      implements CampaignEvent {}

  /** An old admission asked its call, which still goes on; it asks again at {@code askAt}. */
  @Wire("campaign.admission-kept/1")
  record AdmissionKept(String callId, Instant at, Instant askAt) implements CampaignEvent {}

  /**
   * The call ended and no longer counts as concurrent; what it was not charged goes back to the
   * budget.
   *
   * @param charged zero when nothing was charged
   * @param forestalled the call had never been admitted here; if it comes later it is refused
   */
  @Wire("campaign.discharged/1")
  record Discharged(String callId, Money charged, boolean forestalled, Instant at)
      implements CampaignEvent {}
}
