package io.tandem.node.campaign;

import io.tandem.node.entity.Reply;
import io.tandem.persistence.campaign.CampaignState;
import io.tandem.persistence.journal.Wire;

/**
 * What a campaign answers. {@code already} says that it had been done before and nothing changed
 * now.
 */
public sealed interface CampaignReply extends Reply {

  /** Done; this is the campaign now. */
  @Wire("campaign.re.done/1")
  record Done(CampaignState state, boolean already) implements CampaignReply {}

  /** The call counts against the caps. */
  @Wire("campaign.re.admitted/1")
  record Admitted(String callId, boolean already) implements CampaignReply {}

  /** The call no longer counts. */
  @Wire("campaign.re.discharged/1")
  record Discharged(String callId, boolean already) implements CampaignReply {}

  /** The campaign as it is. */
  @Wire("campaign.re.view/1")
  record View(CampaignState state) implements CampaignReply {}

  /** Time was looked at. */
  @Wire("campaign.re.awake/1")
  record Awake() implements CampaignReply {}

  /**
   * The call does not fit (MKT-10).
   *
   * @param reason {@code DAILY_CALLS_REACHED}, {@code CONCURRENCY_REACHED}, {@code BUDGET_REACHED},
   *     {@code SCHEDULE_CLOSED}, {@code CALL_ENDED}
   */
  @Wire("campaign.re.not-admitted/1")
  record NotAdmitted(String reason, String detail) implements CampaignReply {}

  /** There is no such campaign. */
  @Wire("campaign.re.unknown/1")
  record Unknown() implements CampaignReply {}

  /** Something in the command is not allowed. */
  @Wire("campaign.re.invalid/1")
  record Invalid(String field, String found, String allowed) implements CampaignReply {}

  /** The same id with other content. */
  @Wire("campaign.re.conflict/1")
  record Conflict(String field) implements CampaignReply {}
}
