package io.tandem.persistence.journal;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Who, when, why of one event (AUD-1).
 *
 * @param entityType the noun, such as {@code wallet}
 * @param entityId the entity's id within its noun
 * @param sequence position among the entity's events, from 1
 * @param event name and version of the payload
 * @param commandId the command it was decided on
 * @param commandDigest what that command said; {@link CommandDigest#NONE} on its further events
 * @param cause the id of what made the command be sent: a call, a request, a deadline
 * @param actor who stands behind it: a user, an operator, a part of the system
 * @param at when it was decided; kept to the microsecond
 * @param clockId the incarnation of the node whose clock that is
 * @param previousHash hash of the entity's previous stored event, {@link Hash#NONE} for the first
 * @param nextDue the entity's next deadline after this event, null where it has none
 */
public record EventHeader(
    String entityType,
    String entityId,
    long sequence,
    WireName event,
    String commandId,
    CommandDigest commandDigest,
    String cause,
    String actor,
    Instant at,
    String clockId,
    Hash previousHash,
    @Nullable Instant nextDue) {

  public EventHeader {
    if (sequence < 1) {
      throw new IllegalArgumentException("sequence from 1, not " + sequence);
    }
    at = TimeForms.toMicros(at);
    if (nextDue != null) {
      nextDue = TimeForms.toMicros(nextDue);
    }
  }
}
