package io.tandem.node.vertical;

import static java.time.temporal.ChronoUnit.MICROS;

import io.tandem.node.entity.Decision;
import io.tandem.node.entity.EntityType;
import io.tandem.node.entity.FiledRules;
import io.tandem.node.entity.QuietRules;
import io.tandem.node.entity.Repetition;
import io.tandem.node.vertical.VerticalCommand.ChangeTerms;
import io.tandem.node.vertical.VerticalCommand.Define;
import io.tandem.node.vertical.VerticalCommand.Read;
import io.tandem.node.vertical.VerticalCommand.Wake;
import io.tandem.persistence.journal.TypeNames;
import io.tandem.persistence.money.Money;
import io.tandem.persistence.vertical.VerticalEvent;
import io.tandem.persistence.vertical.VerticalState;
import io.tandem.persistence.vertical.VerticalState.Terms;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a vertical does (QT-1): its price and timer change by version; what was sold under a version
 * stays so.
 */
public final class VerticalRules
    implements QuietRules<VerticalCommand, VerticalReply, VerticalEvent, VerticalState>,
        FiledRules<VerticalCommand, VerticalReply, VerticalEvent, VerticalState> {

  /** The noun's name. */
  public static final String NAME = "vertical";

  private static final int SNAPSHOT_EVERY = 100;

  /** QT-1: the shortest and longest timer a vertical can have. */
  private static final long TIMER_MILLIS_MIN = 30_000;

  private static final long TIMER_MILLIS_MAX = 300_000;

  /** The noun as the host runs it. */
  public static EntityType<VerticalCommand, VerticalReply, VerticalEvent, VerticalState> type() {
    return new EntityType<>(
        NAME,
        VerticalCommand.class,
        VerticalEvent.class,
        id -> VerticalState.NEW,
        new VerticalRules(),
        types(),
        SNAPSHOT_EVERY);
  }

  /** Wire names of all that it says and stores. */
  public static TypeNames types() {
    return TypeNames.builder()
        .addAll(VerticalCommand.class)
        .addAll(VerticalReply.class)
        .addAll(VerticalEvent.class)
        .add(VerticalState.class)
        .build();
  }

  @Override
  public Decision<VerticalEvent, VerticalReply> decide(
      VerticalState state, VerticalCommand command, Instant clock) {
    Instant now = clock.truncatedTo(MICROS);
    return switch (command) {
      case Define c -> define(state, c, now);
      case ChangeTerms c -> changeTerms(state, c, now);
      case Read c ->
          Decision.reply(
              state.terms() == null ? new VerticalReply.Unknown() : new VerticalReply.View(state));
      case Wake c -> Decision.reply(new VerticalReply.Awake());
    };
  }

  private Decision<VerticalEvent, VerticalReply> define(
      VerticalState state, Define c, Instant now) {
    Terms terms = state.terms();
    if (terms != null) {
      return repeated(
          state,
          Repetition.of("name", state.name(), c.name())
              .and("price", terms.price(), c.price())
              .and("timerMillis", terms.timerMillis(), c.timerMillis()));
    }
    if (c.name().isBlank()) {
      return invalid("name", "''", "not empty");
    }
    VerticalReply bad = badTerms(c.price(), c.timerMillis());
    return bad != null
        ? Decision.reply(bad)
        : done(state, new VerticalEvent.Defined(c.name(), c.price(), c.timerMillis(), now));
  }

  // QT-1: a new version, for calls offered from now on
  private Decision<VerticalEvent, VerticalReply> changeTerms(
      VerticalState state, ChangeTerms c, Instant now) {
    Terms terms = state.terms();
    if (terms == null) {
      return Decision.reply(new VerticalReply.Unknown());
    }
    VerticalReply bad = badTerms(c.price(), c.timerMillis());
    if (bad != null) {
      return Decision.reply(bad);
    }
    if (terms.price().equals(c.price()) && terms.timerMillis() == c.timerMillis()) {
      return already(state);
    }
    return done(
        state,
        new VerticalEvent.TermsChanged(terms.version() + 1, c.price(), c.timerMillis(), now));
  }

  private static @Nullable VerticalReply badTerms(Money price, long timerMillis) {
    if (!price.isPositive()) {
      return new VerticalReply.Invalid("price", price.toString(), "more than 0");
    }
    return timerMillis < TIMER_MILLIS_MIN || timerMillis > TIMER_MILLIS_MAX
        ? new VerticalReply.Invalid(
            "timerMillis",
            String.valueOf(timerMillis),
            TIMER_MILLIS_MIN + " to " + TIMER_MILLIS_MAX)
        : null;
  }

  @Override
  public VerticalCommand wake() {
    return new Wake();
  }

  @Override
  public boolean remembered(VerticalCommand command) {
    return command instanceof Define || command instanceof ChangeTerms;
  }

  @Override
  public VerticalReply onFile(VerticalState state, boolean already) {
    return new VerticalReply.Done(state, already);
  }

  @Override
  public VerticalReply conflict(String field) {
    return new VerticalReply.Conflict(field);
  }

  @Override
  public VerticalReply notAllowed(String field, String found, String allowed) {
    return new VerticalReply.Invalid(field, found, allowed);
  }
}
