package io.tandem.node.agent;

import io.tandem.node.entity.Command;
import io.tandem.persistence.agent.AgentTerms;
import io.tandem.persistence.agent.Licence;
import io.tandem.persistence.agent.OfferOutcome;
import io.tandem.persistence.journal.Personal;
import io.tandem.persistence.journal.Wire;
import io.tandem.persistence.money.Money;

/** What can be asked of an agent (MKT-2, MKT-10, COOL-1, COOL-3, COOL-4). */
public sealed interface AgentCommand extends Command {

  /** Make the agent. */
  @Wire("agent.do.create/1")
  record Create(String accountId, Personal<String> name, String endpoint, AgentTerms terms)
      implements AgentCommand {}

  /** Set what it takes. */
  @Wire("agent.do.change-terms/1")
  record ChangeTerms(AgentTerms terms) implements AgentCommand {}

  /** File or renew a licence. */
  @Wire("agent.do.file-licence/1")
  record FileLicence(Licence licence) implements AgentCommand {}

  /** Take a licence back. */
  @Wire("agent.do.withdraw-licence/1")
  record WithdrawLicence(String state, String verticalId, String reason) implements AgentCommand {}

  /** Take calls. */
  @Wire("agent.do.go-online/1")
  record GoOnline() implements AgentCommand {}

  /** Take no calls. */
  @Wire("agent.do.go-offline/1")
  record GoOffline(String reason) implements AgentCommand {}

  /** Keep the agent for one offer of a call. Natural key: call and offer. */
  @Wire("agent.do.reserve/1")
  record Reserve(String callId, String offerId, String verticalId, String callerState, Money price)
      implements AgentCommand {}

  /** The offer is over; a reservation that is not there is forestalled. */
  @Wire("agent.do.end-offer/1")
  record EndOffer(String callId, String offerId, OfferOutcome outcome) implements AgentCommand {}

  /**
   * Count a call no more: a dispute was approved on a technical ground (DSP-6). Natural key: call
   * and offer.
   */
  @Wire("agent.do.excuse-call/1")
  record ExcuseCall(String callId, String offerId, String disputeId) implements AgentCommand {}

  /** The call says that an old reservation is still needed (MKT-10). */
  @Wire("agent.do.keep-reservation/1")
  record KeepReservation(String callId, String offerId) implements AgentCommand {}

  /**
   * Its phone sent a call of ours back to us (COOL-2, TEL-9). Natural key: call and offer.
   *
   * @param called our number that it went to
   * @param ground what shows it, as the security log names it
   * @param hops how many it had passed
   */
  @Wire("agent.do.report-loop/1")
  record ReportLoop(String callId, String offerId, String called, String ground, int hops)
      implements AgentCommand {}

  /** Time has come: a cooldown may end, a clean stretch may step back. */
  @Wire("agent.do.wake/1")
  record Wake() implements AgentCommand {}

  /** Tell how the agent is. */
  @Wire("agent.do.read/1")
  record Read() implements AgentCommand {}
}
