package io.tandem.node.entity.host;

import io.tandem.persistence.journal.Hash;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An entity as the host keeps it: the noun's own state and what the next envelope needs to know.
 * Immutable; a snapshot holds all of it.
 *
 * @param sequence of the last event; 0 where there is none
 * @param lastHash of the last stored event
 * @param nextDue what the last event put into the due-index
 */
public record Hosted<S>(
    S state, long sequence, Hash lastHash, @Nullable Instant nextDue, CommandWindow window) {

  /** An entity without events. */
  static <S> Hosted<S> fresh(S initial) {
    return new Hosted<>(initial, 0, Hash.NONE, null, CommandWindow.EMPTY);
  }
}
