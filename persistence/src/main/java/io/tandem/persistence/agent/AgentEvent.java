package io.tandem.persistence.agent;

import io.tandem.persistence.journal.DomainEvent;
import io.tandem.persistence.journal.Personal;
import io.tandem.persistence.money.Money;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What happened to an agent: what it may take, which calls it took, how they ended, and its cooldowns (MKT-2, MKT-10, COOL-1..4). */
public sealed interface AgentEvent extends DomainEvent {

  /** When it happened, by the clock of the node that decided. */
  Instant at();

  /** An agent of an account exists; its phone is the SIP endpoint named. */
  record Created(String accountId, Personal<String> name, String endpoint, AgentTerms terms, Instant at)
      implements AgentEvent {}

  /** What the agent bids for, how much it takes at once and when, was set anew. */
  record TermsChanged(AgentTerms terms, Instant at) implements AgentEvent {}

  /** A licence was filed or renewed; the same state and vertical replace each other (CMP-1). */
  record LicenceFiled(Licence licence, Instant at) implements AgentEvent {}

  /** A licence was taken back. */
  record LicenceWithdrawn(String state, String verticalId, String reason, Instant at) implements AgentEvent {}

  /** The agent takes calls. */
  record WentOnline(Instant at) implements AgentEvent {}

  /** The agent takes no calls. */
  record WentOffline(String reason, Instant at) implements AgentEvent {}

  /** The agent is kept for one offer of a call (MKT-10): it counts against its concurrency and caps from here. */
  record Reserved(String callId, String offerId, String verticalId, Money price, Instant at) implements AgentEvent {}

  /**
   * The reservation ended.
   *
   * @param callId with {@code offerId} names the reservation; one that was never made is forestalled
   * @param ratio the short-call ratio after this call, where the call counted (COOL-1)
   */
  record OfferEnded(
      String callId, String offerId, OfferOutcome outcome, @Nullable ShortCallRatio ratio, Instant at)
      implements AgentEvent {}

  /**
   * A signal was over its threshold (COOL-3, COOL-4).
   *
   * @param rung 1 for the first step of the ladder
   * @param until end; null when the agent is paused until reviewed
   * @param evidence the calls and figures that show it
   */
  record CooldownStarted(int rung, @Nullable Instant until, String signal, List<String> evidence, Instant at)
      implements AgentEvent {}

  /** The cooldown's time was over. */
  record CooldownEnded(Instant at) implements AgentEvent {}

  /** A clean stretch took one step back (COOL-4); the next cooldown starts above {@code rung}. */
  record CooldownSteppedBack(int rung, Instant at) implements AgentEvent {}
}
