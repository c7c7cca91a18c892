package io.tandem.persistence.journal;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What is read in the place of one stored event that cannot be read or folded (AUD-5). The event
 * stays where it is, and its hash in the chain; who did it, when and why of the event's header
 * hold.
 *
 * @param number of the record, from 1
 * @param entity {@code type|id}
 * @param sequence of the event
 * @param stored hash of the event's stored bytes: of no others is anything read in the place
 * @param reads the name of what is read; null: nothing is, and the entity is as it was before
 * @param payload in the form of that name; empty where nothing is read
 * @param at when the record was made
 * @param by who made it
 * @param reason why, in words
 */
public record Supersession(
    long number,
    String entity,
    long sequence,
    Hash stored,
    @Nullable WireName reads,
    byte[] payload,
    Instant at,
    String by,
    String reason) {

  /** What is read, in words. */
  public String says() {
    return reads == null ? "nothing" : reads.toString();
  }

  /** Whether it is of this event, byte for byte. */
  public boolean isOf(Envelope envelope) {
    return envelope.sequence() == sequence
        && envelope.isOf(entity)
        && envelope.hash().equals(stored);
  }

  @Override
  public String toString() {
    return "supersession " + number + " of " + entity + "#" + sequence;
  }
}
