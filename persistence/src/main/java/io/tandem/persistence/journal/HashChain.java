package io.tandem.persistence.journal;

import java.util.Iterator;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Checks that each stored event vouches for the one before it (AUD-2).
 *
 * <p>Feed it the events entity by entity, each from its first; it keeps no more than the last hash.
 * A change, an insertion, a removal or a swap shows at the first event that no longer fits. A tail
 * that was cut off does not show here: that takes the roots anchored elsewhere.
 */
public final class HashChain {

  private @Nullable String entityType;
  private @Nullable String entityId;
  private long sequence;
  private Hash last = Hash.NONE;

  /** Where a chain does not hold, and how. */
  public record Break(String entityType, String entityId, long sequence, String what) {
    @Override
    public String toString() {
      return entityType + "|" + entityId + "#" + sequence + ": " + what;
    }
  }

  /** The first break in a run of events, each entity's from its first; empty where all hold. */
  public static Optional<Break> verify(Iterator<Envelope> events) {
    HashChain chain = new HashChain();
    while (events.hasNext()) {
      Optional<Break> found = chain.next(events.next());
      if (found.isPresent()) {
        return found;
      }
    }
    return Optional.empty();
  }

  /**
   * Takes the next event. After a break the chain goes on from the event given, so that a whole
   * journal can be gone through and each break named once.
   */
  public Optional<Break> next(Envelope event) {
    if (!event.entityId().equals(entityId) || !event.entityType().equals(entityType)) {
      entityType = event.entityType();
      entityId = event.entityId();
      sequence = 0;
      last = Hash.NONE;
    }
    long expected = sequence + 1;
    Hash before = last;
    sequence = event.sequence();
    last = event.hash();
    if (event.sequence() != expected) {
      return broken(event, "expected position " + expected + ", found " + event.sequence());
    }
    if (!event.previousHash().equals(before)) {
      return broken(
          event,
          expected == 1
              ? "the first event names a predecessor"
              : "event " + (expected - 1) + " is not the one that this event was written after");
    }
    return Optional.empty();
  }

  private static Optional<Break> broken(Envelope event, String what) {
    return Optional.of(new Break(event.entityType(), event.entityId(), event.sequence(), what));
  }
}
