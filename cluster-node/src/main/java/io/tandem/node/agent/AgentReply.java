package io.tandem.node.agent;

import io.tandem.node.entity.Reply;
import io.tandem.persistence.agent.AgentState;

/** What an agent answers. {@code already} says that it had been done before and nothing changed now. */
public sealed interface AgentReply extends Reply {

  /** Done; this is the agent now. */
  record Done(AgentState state, boolean already) implements AgentReply {}

  /** The agent is kept for the offer. */
  record Reserved(String callId, String offerId, boolean already) implements AgentReply {}

  /** The offer is over. */
  record OfferClosed(String callId, String offerId, boolean already) implements AgentReply {}

  /** The agent as it is. */
  record View(AgentState state) implements AgentReply {}

  /** Time was looked at. */
  record Awake() implements AgentReply {}

  /**
   * The agent cannot take the call (MKT-2).
   *
   * @param reason {@code OFFLINE}, {@code IN_COOLDOWN}, {@code AT_CONCURRENCY}, {@code DAILY_CALLS_REACHED}, {@code BUDGET_REACHED},
   *     {@code NOT_LICENSED}, {@code SCHEDULE_CLOSED}, {@code NO_BID}, {@code OFFER_ENDED}
   * @param detail what was found and what is needed
   */
  record NotAvailable(String reason, String detail) implements AgentReply {}

  /** There is no such agent. */
  record Unknown() implements AgentReply {}

  /** Something in the command is not allowed. */
  record Invalid(String field, String found, String allowed) implements AgentReply {}

  /** The same id with other content. */
  record Conflict(String field) implements AgentReply {}
}
