package io.tandem.node.campaign;

import io.tandem.node.entity.Reply;
import io.tandem.persistence.campaign.CampaignState;

/** What a campaign answers. {@code already} says that it had been done before and nothing changed now. */
public sealed interface CampaignReply extends Reply {

  /** Done; this is the campaign now. */
  record Done(CampaignState state, boolean already) implements CampaignReply {}

  /** The call counts against the caps. */
  record Admitted(String callId, boolean already) implements CampaignReply {}

  /** The call no longer counts. */
  record Discharged(String callId, boolean already) implements CampaignReply {}

  /** The campaign as it is. */
  record View(CampaignState state) implements CampaignReply {}

  /** Time was looked at. */
  record Awake() implements CampaignReply {}

  /**
   * The call does not fit (MKT-10).
   *
   * @param reason {@code DAILY_CALLS_REACHED}, {@code CONCURRENCY_REACHED}, {@code BUDGET_REACHED}, {@code SCHEDULE_CLOSED}, {@code CALL_ENDED}
   */
  record NotAdmitted(String reason, String detail) implements CampaignReply {}

  /** There is no such campaign. */
  record Unknown() implements CampaignReply {}

  /** Something in the command is not allowed. */
  record Invalid(String field, String found, String allowed) implements CampaignReply {}

  /** The same id with other content. */
  record Conflict(String field) implements CampaignReply {}
}
