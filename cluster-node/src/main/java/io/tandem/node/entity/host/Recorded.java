package io.tandem.node.entity.host;

import io.tandem.persistence.journal.DomainEvent;
import io.tandem.persistence.journal.Envelope;
import org.jspecify.annotations.Nullable;

/**
 * The event type of the one event-sourced behavior: the envelope whose bytes are stored, and the
 * event read from it.
 *
 * @param event null where a record beside the journal says that nothing is read in its place
 * @param after what the entity is with it, where this node has just decided it; null when it was
 *     read back
 */
public record Recorded(Envelope envelope, @Nullable DomainEvent event, @Nullable Hosted<?> after) {

  /** As read back from the journal. */
  public static Recorded read(Envelope envelope, @Nullable DomainEvent event) {
    return new Recorded(envelope, event, null);
  }
}
