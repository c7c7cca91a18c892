package io.tandem.node.agent;

import io.tandem.node.entity.Command;
import io.tandem.persistence.agent.AgentTerms;
import io.tandem.persistence.agent.Licence;
import io.tandem.persistence.agent.OfferOutcome;
import io.tandem.persistence.journal.Personal;
import io.tandem.persistence.money.Money;

/** What can be asked of an agent (MKT-2, MKT-10, COOL-1, COOL-3, COOL-4). */
public sealed interface AgentCommand extends Command {

  /** Make the agent. */
  record Create(String accountId, Personal<String> name, String endpoint, AgentTerms terms) implements AgentCommand {}

  /** Set what it takes. */
  record ChangeTerms(AgentTerms terms) implements AgentCommand {}

  /** File or renew a licence. */
  record FileLicence(Licence licence) implements AgentCommand {}

  /** Take a licence back. */
  record WithdrawLicence(String state, String verticalId, String reason) implements AgentCommand {}

  /** Take calls. */
  record GoOnline() implements AgentCommand {}

  /** Take no calls. */
  record GoOffline(String reason) implements AgentCommand {}

  /** Keep the agent for one offer of a call. Natural key: call and offer. */
  record Reserve(String callId, String offerId, String verticalId, String callerState, Money price)
      implements AgentCommand {}

  /** The offer is over; a reservation that is not there is forestalled. */
  record EndOffer(String callId, String offerId, OfferOutcome outcome) implements AgentCommand {}

  /** Time has come: a cooldown may end, a clean stretch may step back. */
  record Wake() implements AgentCommand {}

  /** Tell how the agent is. */
  record Read() implements AgentCommand {}
}
