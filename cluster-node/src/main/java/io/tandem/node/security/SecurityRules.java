package io.tandem.node.security;

import static java.time.temporal.ChronoUnit.MICROS;

import io.tandem.node.entity.Decision;
import io.tandem.node.entity.EntityKey;
import io.tandem.node.entity.EntityType;
import io.tandem.node.entity.FiledRules;
import io.tandem.node.entity.QuietRules;
import io.tandem.node.security.SecurityCommand.NoteBan;
import io.tandem.node.security.SecurityCommand.NoteDisclosure;
import io.tandem.node.security.SecurityCommand.NoteErasure;
import io.tandem.node.security.SecurityCommand.NoteHold;
import io.tandem.node.security.SecurityCommand.NoteLift;
import io.tandem.node.security.SecurityCommand.NoteLogins;
import io.tandem.node.security.SecurityCommand.NoteLoop;
import io.tandem.node.security.SecurityCommand.NoteMore;
import io.tandem.node.security.SecurityCommand.Read;
import io.tandem.node.security.SecurityCommand.Wake;
import io.tandem.persistence.journal.TypeNames;
import io.tandem.persistence.security.SecurityEvent;
import io.tandem.persistence.security.SecurityState;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.regex.Pattern;

/**
 * What a log of security events does: it takes what it is told, each once (AUD-1). A log is an
 * account's or the platform's, of one day (UTC), so that none grows without end; three more of the
 * platform's follow the logs of erasures and of legal holds and the trail of disclosures, line by
 * line.
 */
public final class SecurityRules
    implements QuietRules<SecurityCommand, SecurityReply, SecurityEvent, SecurityState>,
        FiledRules<SecurityCommand, SecurityReply, SecurityEvent, SecurityState> {

  /** The noun's name. */
  public static final String NAME = "security";

  private static final int SNAPSHOT_EVERY = 500;
  private static final Pattern ID =
      Pattern.compile(
          "[A-Za-z0-9._:-]{1,100}:([0-9]{4}-[0-9]{2}-[0-9]{2}|erasures|holds|disclosures)");

  /** The noun as the host runs it. */
  public static EntityType<SecurityCommand, SecurityReply, SecurityEvent, SecurityState> type() {
    return new EntityType<>(
        NAME,
        SecurityCommand.class,
        SecurityEvent.class,
        SecurityState::initial,
        new SecurityRules(),
        types(),
        SNAPSHOT_EVERY);
  }

  /** Wire names of all that it says and stores. */
  public static TypeNames types() {
    return TypeNames.builder()
        .addAll(SecurityCommand.class)
        .addAll(SecurityReply.class)
        .addAll(SecurityEvent.class)
        .add(SecurityState.class)
        .build();
  }

  /**
   * The log of a day.
   *
   * @param whose an account, or {@link SecurityState#PLATFORM}
   */
  public static EntityKey log(String whose, Instant at) {
    return new EntityKey(NAME, whose + ":" + LocalDate.ofInstant(at, ZoneOffset.UTC));
  }

  /** A log of the platform's that follows another. */
  public static EntityKey following(String part) {
    return new EntityKey(NAME, SecurityState.PLATFORM + ":" + part);
  }

  @Override
  public Decision<SecurityEvent, SecurityReply> decide(
      SecurityState state, SecurityCommand command, Instant clock) {
    Instant now = clock.truncatedTo(MICROS);
    if (!ID.matcher(state.id()).matches()) {
      return invalid("id", "another name", "WHOSE:DAY");
    }
    return switch (command) {
      case NoteBan c ->
          done(
              state,
              new SecurityEvent.Banned(
                  c.banId(),
                  c.address(),
                  c.subject(),
                  c.offence(),
                  c.edge(),
                  c.from(),
                  c.until(),
                  now));
      case NoteLift c -> done(state, new SecurityEvent.BanLifted(c.banId(), c.subject(), now));
      case NoteLogins c ->
          counted(
              state,
              c.count(),
              new SecurityEvent.LoginsFailed(
                  c.door(), c.login(), c.source(), c.count(), c.from(), c.to(), now));
      case NoteLoop c ->
          counted(
              state,
              c.count(),
              new SecurityEvent.LoopRefused(c.loop(), c.count(), c.from(), c.to(), now));
      case NoteMore c ->
          counted(
              state,
              c.count(),
              new SecurityEvent.MoreSeen(c.of(), c.count(), c.from(), c.to(), now));
      case NoteErasure c ->
          c.line() <= state.erasures()
              ? already(state)
              : done(
                  state,
                  new SecurityEvent.PersonErased(
                      c.line(), c.subject(), c.dataClass(), c.period(), c.by(), c.erasedAt(), now));
      case NoteHold c -> held(state, c, now);
      case NoteDisclosure c ->
          c.number() <= state.disclosures()
              ? already(state)
              : done(
                  state,
                  new SecurityEvent.DisclosureNoted(
                      c.number(), c.step(), c.request(), c.caseId(), c.by(), c.notedAt(), now));
      case Wake c -> Decision.reply(new SecurityReply.Awake());
      case Read c -> Decision.reply(new SecurityReply.View(state));
    };
  }

  /** The log of holds has an event a line and nothing else: its count is how far it is. */
  private Decision<SecurityEvent, SecurityReply> held(
      SecurityState state, NoteHold c, Instant now) {
    return c.line() <= state.events()
        ? already(state)
        : done(
            state,
            new SecurityEvent.HoldNoted(
                c.line(), c.placed(), c.subject(), c.dataClass(), c.by(), c.notedAt(), now));
  }

  private Decision<SecurityEvent, SecurityReply> counted(
      SecurityState state, long count, SecurityEvent event) {
    return count < 1 ? invalid("count", Long.toString(count), "1 or more") : done(state, event);
  }

  @Override
  public SecurityCommand wake() {
    return new Wake();
  }

  /** Lines have numbers; the rest is known by the id of the command. */
  @Override
  public boolean remembered(SecurityCommand command) {
    return switch (command) {
      case NoteBan c -> true;
      case NoteLift c -> true;
      case NoteLogins c -> true;
      case NoteLoop c -> true;
      case NoteMore c -> true;
      case NoteErasure c -> false;
      case NoteHold c -> false;
      case NoteDisclosure c -> false;
      case Wake c -> false;
      case Read c -> false;
    };
  }

  @Override
  public SecurityReply onFile(SecurityState state, boolean already) {
    return new SecurityReply.Noted(state, already);
  }

  @Override
  public SecurityReply conflict(String field) {
    return new SecurityReply.Conflict(field);
  }

  @Override
  public SecurityReply notAllowed(String field, String found, String allowed) {
    return new SecurityReply.Invalid(field, found, allowed);
  }
}
