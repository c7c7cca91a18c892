package io.tandem.persistence.security;

import io.tandem.persistence.journal.DomainEvent;
import io.tandem.persistence.journal.Personal;
import io.tandem.persistence.journal.Wire;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What befell the doors of the platform, and what was done with persons' data. Addresses that
 * somebody came from are data about persons: they go with the key of their month.
 */
public sealed interface SecurityEvent extends DomainEvent {

  /** When it was noted, by the clock of the node that decided. */
  Instant at();

  /**
   * Somebody is not heard for a while (ACC-8); it ends by itself.
   *
   * @param address whether an address is banned; else who claims a SIP user name
   * @param subject the address or the name
   * @param offence what for
   * @param edge who pronounced it
   */
  @Wire("security.banned/1")
  record Banned(
      String banId,
      boolean address,
      Personal<String> subject,
      String offence,
      String edge,
      Instant from,
      Instant until,
      Instant at)
      implements SecurityEvent {}

  /** A ban was lifted before its time; who did is in the event's header. */
  @Wire("security.ban-lifted/1")
  record BanLifted(String banId, Personal<String> subject, Instant at) implements SecurityEvent {}

  /**
   * Somebody tried passwords or tokens that are wrong, more often than people mistype.
   *
   * @param door {@code SIP} or {@code HTTP}
   * @param login whose: a SIP user name or a token's id that exists; null for what nobody has
   * @param source the address they came from
   * @param count how many since {@code from}
   */
  @Wire("security.logins-failed/1")
  record LoginsFailed(
      String door,
      @Nullable String login,
      Personal<String> source,
      long count,
      Instant from,
      Instant to,
      Instant at)
      implements SecurityEvent {}

  /**
   * Calls were refused because they came round again or had no hops or branches left (TEL-9).
   *
   * @param count how many of the kind since {@code from}; the evidence is of the first
   */
  @Wire("security.loop-refused/1")
  record LoopRefused(Loop loop, long count, Instant from, Instant to, Instant at)
      implements SecurityEvent {}

  /**
   * There was more of a kind than is told source by source.
   *
   * @param of the kind, as these events are called
   */
  @Wire("security.more-seen/1")
  record MoreSeen(String of, long count, Instant from, Instant to, Instant at)
      implements SecurityEvent {}

  /**
   * Keys of a person were destroyed (PRV-2): a line of the log of erasures.
   *
   * @param subject the person's blind name
   * @param period one month alone; null for all
   * @param by who wanted it
   */
  @Wire("security.person-erased/1")
  record PersonErased(
      long line,
      String subject,
      String dataClass,
      @Nullable String period,
      String by,
      Instant erasedAt,
      Instant at)
      implements SecurityEvent {}

  /**
   * A legal hold was put on a person or taken off (PRV-9): a line of the log of holds.
   *
   * @param subject the person's blind name
   * @param dataClass null for everything
   * @param by who wanted it
   */
  @Wire("security.hold-noted/1")
  record HoldNoted(
      long line,
      boolean placed,
      String subject,
      @Nullable String dataClass,
      String by,
      Instant notedAt,
      Instant at)
      implements SecurityEvent {}

  /** A step of giving data out, or listening in, by law (CMP-7): a note of its signed trail. */
  @Wire("security.disclosure-noted/1")
  record DisclosureNoted(
      long number, String step, long request, String caseId, String by, Instant notedAt, Instant at)
      implements SecurityEvent {}
}
