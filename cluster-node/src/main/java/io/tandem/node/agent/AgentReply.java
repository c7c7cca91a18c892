package io.tandem.node.agent;

import io.tandem.node.entity.Reply;
import io.tandem.persistence.agent.AgentState;
import io.tandem.persistence.journal.Wire;

/**
 * What an agent answers. {@code already} says that it had been done before and nothing changed now.
 */
public sealed interface AgentReply extends Reply {

  /** Done; this is the agent now. */
  @Wire("agent.re.done/1")
  record Done(AgentState state, boolean already) implements AgentReply {}

  /** The agent is kept for the offer. */
  @Wire("agent.re.reserved/1")
  record Reserved(String callId, String offerId, boolean already) implements AgentReply {}

  /** The offer is over. */
  @Wire("agent.re.offer-closed/1")
  record OfferClosed(String callId, String offerId, boolean already) implements AgentReply {}

  /**
   * The call does not count for the ratio (DSP-6); {@code counted} says that it had until now: not
   * where a cooldown has answered for it, or another call has taken its place.
   */
  @Wire("agent.re.excused/1")
  record Excused(String callId, boolean counted) implements AgentReply {}

  /** The agent as it is. */
  @Wire("agent.re.view/1")
  record View(AgentState state) implements AgentReply {}

  /** Time was looked at. */
  @Wire("agent.re.awake/1")
  record Awake() implements AgentReply {}

  /**
   * The agent cannot take the call (MKT-2).
   *
   * @param reason {@code OFFLINE}, {@code IN_COOLDOWN}, {@code AT_CONCURRENCY}, {@code
   *     DAILY_CALLS_REACHED}, {@code BUDGET_REACHED}, {@code NOT_LICENSED}, {@code
   *     SCHEDULE_CLOSED}, {@code NO_BID}, {@code OFFER_ENDED}
   * @param detail what was found and what is needed
   */
  @Wire("agent.re.not-available/1")
  record NotAvailable(String reason, String detail) implements AgentReply {}

  /** There is no such agent. */
  @Wire("agent.re.unknown/1")
  record Unknown() implements AgentReply {}

  /** Something in the command is not allowed. */
  @Wire("agent.re.invalid/1")
  record Invalid(String field, String found, String allowed) implements AgentReply {}

  /** The same id with other content. */
  @Wire("agent.re.conflict/1")
  record Conflict(String field) implements AgentReply {}
}
