package io.tandem.persistence.agent;

import io.tandem.persistence.journal.DomainEvent;
import io.tandem.persistence.journal.Personal;
import io.tandem.persistence.journal.Wire;
import io.tandem.persistence.money.Money;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What happened to an agent: what it may take, which calls it took, how they ended, and its
 * cooldowns (MKT-2, MKT-10, COOL-1..4).
 */
public sealed interface AgentEvent extends DomainEvent {

  /** When it happened, by the clock of the node that decided. */
  Instant at();

  /** An agent of an account exists; its phone is the SIP endpoint named. */
  @Wire("agent.created/1")
  record Created(
      String accountId, Personal<String> name, String endpoint, AgentTerms terms, Instant at)
      implements AgentEvent {}

  /** What the agent bids for, how much it takes at once and when, was set anew. */
  @Wire("agent.terms-changed/1")
  record TermsChanged(AgentTerms terms, Instant at) implements AgentEvent {}

  /** A licence was filed or renewed; the same state and vertical replace each other (CMP-1). */
  @Wire("agent.licence-filed/1")
  record LicenceFiled(Licence licence, Instant at) implements AgentEvent {}

  /** A licence was taken back. */
  @Wire("agent.licence-withdrawn/1")
  record LicenceWithdrawn(String state, String verticalId, String reason, Instant at)
      implements AgentEvent {}

  /** The agent takes calls. */
  @Wire("agent.went-online/1")
  record WentOnline(Instant at) implements AgentEvent {}

  /** The agent takes no calls. */
  @Wire("agent.went-offline/1")
  record WentOffline(String reason, Instant at) implements AgentEvent {}

  /**
   * The agent is kept for one offer of a call (MKT-10): it counts against its concurrency and caps
   * from here.
   *
   * @param day the day of the agent's schedule whose caps it counts against, however late it ends
   * @param askAt when the call is asked whether the reservation still counts, so that a count never
   *     leaks
   */
  @Wire("agent.reserved/1")
  record Reserved(
      String callId,
      String offerId,
      String verticalId,
      Money price,
      LocalDate day,
      Instant at,
      Instant askAt)
      implements AgentEvent {}

  /** An old reservation asked its call, which still needs it; it asks again at {@code askAt}. */
  @Wire("agent.reservation-kept/1")
  record ReservationKept(String callId, String offerId, Instant at, Instant askAt)
      implements AgentEvent {}

  /**
   * The reservation ended.
   *
   * @param callId with {@code offerId} names the reservation; one that was never made is
   *     forestalled
   * @param ratio the short-call ratio after this call, where the call counted (COOL-1)
   */
  @Wire("agent.offer-ended/1")
  record OfferEnded(
      String callId,
      String offerId,
      OfferOutcome outcome,
      @Nullable ShortCallRatio ratio,
      Instant at)
      implements AgentEvent {}

  /**
   * A call no longer counts for the ratio: a dispute was approved on a technical ground (DSP-6).
   * Nothing else changes by it: no cooldown begins or ends.
   *
   * @param ratio the short-call ratio without it
   */
  @Wire("agent.call-excused/1")
  record CallExcused(
      String callId, String offerId, String disputeId, ShortCallRatio ratio, Instant at)
      implements AgentEvent {}

  /**
   * A signal was over its threshold (COOL-3, COOL-4).
   *
   * @param rung 1 for the first step of the ladder
   * @param until end; null when the agent is paused until reviewed
   * @param evidence the calls and figures that show it
   */
  @Wire("agent.cooldown-started/1")
  record CooldownStarted(
      int rung, @Nullable Instant until, String signal, List<String> evidence, Instant at)
      implements AgentEvent {}

  /** The cooldown's time was over. */
  @Wire("agent.cooldown-ended/1")
  record CooldownEnded(Instant at) implements AgentEvent {}

  /**
   * A clean stretch took one step back (COOL-4); the next cooldown starts above {@code rung}.
   *
   * @param cleanSince from when the next clean stretch counts: the end of the one that was rewarded
   */
  @Wire("agent.cooldown-stepped-back/1")
  record CooldownSteppedBack(int rung, Instant cleanSince, Instant at) implements AgentEvent {}
}
