package io.tandem.node.number;

import static java.time.temporal.ChronoUnit.MICROS;

import io.tandem.node.entity.Decision;
import io.tandem.node.entity.EntityType;
import io.tandem.node.entity.FiledRules;
import io.tandem.node.entity.QuietRules;
import io.tandem.node.number.NumberCommand.Assign;
import io.tandem.node.number.NumberCommand.Read;
import io.tandem.node.number.NumberCommand.Unassign;
import io.tandem.node.number.NumberCommand.Wake;
import io.tandem.persistence.journal.TypeNames;
import io.tandem.persistence.number.NumberEvent;
import io.tandem.persistence.number.NumberState;
import io.tandem.persistence.number.NumberState.Assignment;
import java.time.Instant;
import java.util.regex.Pattern;

/**
 * What one of our phone numbers does: it belongs to one account at a time and sends its calls to
 * one of that account's campaigns.
 */
public final class NumberRules
    implements QuietRules<NumberCommand, NumberReply, NumberEvent, NumberState>,
        FiledRules<NumberCommand, NumberReply, NumberEvent, NumberState> {

  /** The noun's name. */
  public static final String NAME = "number";

  private static final int SNAPSHOT_EVERY = 100;

  /** E.164: at most fifteen digits, and none that begins with zero. */
  private static final Pattern E164_DIGITS = Pattern.compile("[1-9][0-9]{6,14}");

  /** The noun as the host runs it. */
  public static EntityType<NumberCommand, NumberReply, NumberEvent, NumberState> type() {
    return new EntityType<>(
        NAME,
        NumberCommand.class,
        NumberEvent.class,
        NumberState::initial,
        new NumberRules(),
        types(),
        SNAPSHOT_EVERY);
  }

  /** Wire names of all that it says and stores. */
  public static TypeNames types() {
    return TypeNames.builder()
        .addAll(NumberCommand.class)
        .addAll(NumberReply.class)
        .addAll(NumberEvent.class)
        .add(NumberState.class)
        .build();
  }

  @Override
  public Decision<NumberEvent, NumberReply> decide(
      NumberState state, NumberCommand command, Instant clock) {
    Instant now = clock.truncatedTo(MICROS);
    return switch (command) {
      case Assign c -> assign(state, c, now);
      case Unassign c ->
          state.assignment() == null
              ? already(state)
              : done(state, new NumberEvent.Unassigned(c.reason(), now));
      case Read c ->
          Decision.reply(
              state.assignment() == null ? new NumberReply.Unknown() : new NumberReply.View(state));
      case Wake c -> Decision.reply(new NumberReply.Awake());
    };
  }

  private Decision<NumberEvent, NumberReply> assign(NumberState state, Assign c, Instant now) {
    Assignment assignment = state.assignment();
    if (assignment != null && !assignment.accountId().equals(c.accountId())) {
      return Decision.reply(new NumberReply.Taken("number"));
    }
    if (!E164_DIGITS.matcher(state.number()).matches()) {
      return invalid(
          "number", "no E.164 number", "7 to 15 digits with the country code, without plus");
    }
    if (c.accountId().isBlank()) {
      return invalid("accountId", "''", "not empty");
    }
    if (c.campaignId().isBlank()) {
      return invalid("campaignId", "''", "not empty");
    }
    return assignment != null && assignment.campaignId().equals(c.campaignId())
        ? already(state)
        : done(state, new NumberEvent.Assigned(c.accountId(), c.campaignId(), now));
  }

  @Override
  public NumberCommand wake() {
    return new Wake();
  }

  @Override
  public boolean remembered(NumberCommand command) {
    return command instanceof Assign || command instanceof Unassign;
  }

  @Override
  public NumberReply onFile(NumberState state, boolean already) {
    return new NumberReply.Done(state, already);
  }

  @Override
  public NumberReply conflict(String field) {
    return new NumberReply.Conflict(field);
  }

  @Override
  public NumberReply notAllowed(String field, String found, String allowed) {
    return new NumberReply.Invalid(field, found, allowed);
  }
}
