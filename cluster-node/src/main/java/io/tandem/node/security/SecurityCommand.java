package io.tandem.node.security;

import io.tandem.node.entity.Command;
import io.tandem.persistence.journal.Personal;
import io.tandem.persistence.journal.Wire;
import io.tandem.persistence.security.Loop;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What a log of security events is told; each becomes the event of that name. */
public sealed interface SecurityCommand extends Command {

  /** Somebody was banned. */
  @Wire("security.do.note-ban/1")
  record NoteBan(
      String banId,
      boolean address,
      Personal<String> subject,
      String offence,
      String edge,
      Instant from,
      Instant until)
      implements SecurityCommand {}

  /** A ban was lifted. */
  @Wire("security.do.note-lift/1")
  record NoteLift(String banId, Personal<String> subject) implements SecurityCommand {}

  /** Wrong passwords or tokens. */
  @Wire("security.do.note-logins/1")
  record NoteLogins(
      String door,
      @Nullable String login,
      Personal<String> source,
      long count,
      Instant from,
      Instant to)
      implements SecurityCommand {}

  /** Calls that came round again. */
  @Wire("security.do.note-loop/1")
  record NoteLoop(Loop loop, long count, Instant from, Instant to) implements SecurityCommand {}

  /** More of a kind than is told one by one. */
  @Wire("security.do.note-more/1")
  record NoteMore(String of, long count, Instant from, Instant to) implements SecurityCommand {}

  /** A line of the log of erasures. Natural key: its number. */
  @Wire("security.do.note-erasure/1")
  record NoteErasure(
      long line,
      String subject,
      String dataClass,
      @Nullable String period,
      String by,
      Instant erasedAt)
      implements SecurityCommand {}

  /**
   * A line of the log of legal holds. Natural key: its number, which is that of the event.
   *
   * @param dataClass null for everything
   */
  @Wire("security.do.note-hold/1")
  record NoteHold(
      long line,
      boolean placed,
      String subject,
      @Nullable String dataClass,
      String by,
      Instant notedAt)
      implements SecurityCommand {}

  /** A note of the trail of disclosures. Natural key: its number. */
  @Wire("security.do.note-disclosure/1")
  record NoteDisclosure(
      long number, String step, long request, String caseId, String by, Instant notedAt)
      implements SecurityCommand {}

  /** Time has come. */
  @Wire("security.do.wake/1")
  record Wake() implements SecurityCommand {}

  /** Tell how far the log is. */
  @Wire("security.do.read/1")
  record Read() implements SecurityCommand {}
}
