package io.tandem.node.campaign;

import io.tandem.node.entity.Command;
import io.tandem.persistence.campaign.CampaignTerms;
import io.tandem.persistence.journal.Wire;
import io.tandem.persistence.money.Money;

/** What can be asked of a campaign (MKT-1, MKT-10). */
public sealed interface CampaignCommand extends Command {

  /** Make the campaign. */
  @Wire("campaign.do.create/1")
  record Create(String accountId, String name, CampaignTerms terms) implements CampaignCommand {}

  /** Set its terms for calls that come from now on. */
  @Wire("campaign.do.change-terms/1")
  record ChangeTerms(CampaignTerms terms) implements CampaignCommand {}

  /** Count a call against the caps. Natural key: the call. */
  @Wire("campaign.do.admit/1")
  record Admit(String callId, Money worstPrice) implements CampaignCommand {}

  /** The call says that an old admission still counts (MKT-10). */
  @Wire("campaign.do.keep-admission/1")
  record KeepAdmission(String callId) implements CampaignCommand {}

  /** The call is over; one that was never admitted is forestalled. */
  @Wire("campaign.do.discharge/1")
  record Discharge(String callId, Money charged) implements CampaignCommand {}

  /** Time has come: an admitted call that is very old is asked for (never leaked). */
  @Wire("campaign.do.wake/1")
  record Wake() implements CampaignCommand {}

  /** Tell how the campaign is. */
  @Wire("campaign.do.read/1")
  record Read() implements CampaignCommand {}
}
