package io.tandem.node.entity.host;

import io.tandem.node.entity.host.HostMessage.Why;
import io.tandem.persistence.journal.Hash;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What this node knows of entities that it must not run, by their name in the journal (OPS-4).
 *
 * <p>After a failed write it is not known what became of it. The next time the entity is loaded
 * here its journal tells: our own event at that position means that it had succeeded, nothing means
 * that it had not, and another's event means that this node was a stale writer. Then the entity is
 * left alone here for a while, in which a cluster that is split decides who stays.
 */
public final class Fences {

  private sealed interface Mark {
    /** A write of ours that may or may not be there. */
    record InDoubt(long sequence, Hash hash) implements Mark {}

    /** Not to be run here before an instant. */
    record Shut(Why why, Instant until) implements Mark {}
  }

  private final Map<String, Mark> marks = new ConcurrentHashMap<>();

  /** A write was handed to the journal and its outcome is not known. */
  void inDoubt(String persistenceId, long sequence, Hash hash) {
    marks.put(persistenceId, new Mark.InDoubt(sequence, hash));
  }

  /** Leaves an entity alone. */
  void shut(String persistenceId, Why why, Instant now, Duration time) {
    marks.put(persistenceId, new Mark.Shut(why, now.plus(time)));
  }

  /** Why an entity must not be run now; empty where it may. */
  Optional<Why> refusal(String persistenceId, Instant now) {
    if (marks.get(persistenceId) instanceof Mark.Shut shut) {
      if (now.isBefore(shut.until())) {
        return Optional.of(shut.why());
      }
      marks.remove(persistenceId, shut);
    }
    return Optional.empty();
  }

  /**
   * Whether an event that is being loaded sits where one of our writes is in doubt and is not ours.
   */
  boolean foreign(String persistenceId, long sequence, Hash hash) {
    return marks.get(persistenceId) instanceof Mark.InDoubt doubt
        && doubt.sequence() == sequence
        && !doubt.hash().equals(hash);
  }

  /** The entity has been loaded: no write of ours is in doubt any more. */
  void loaded(String persistenceId) {
    marks.computeIfPresent(
        persistenceId, (name, mark) -> mark instanceof Mark.InDoubt ? null : mark);
  }

  /** How many entities are left alone here at {@code now}; for the operator. */
  public long shutAt(Instant now) {
    return marks.values().stream()
        .filter(mark -> mark instanceof Mark.Shut shut && now.isBefore(shut.until()))
        .count();
  }
}
