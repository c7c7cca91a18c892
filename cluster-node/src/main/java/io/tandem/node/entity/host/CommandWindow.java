package io.tandem.node.entity.host;

import io.tandem.persistence.journal.CommandDigest;
import io.tandem.persistence.journal.TimedId;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.pcollections.HashTreePMap;
import org.pcollections.PMap;
import org.pcollections.PVector;
import org.pcollections.TreePVector;

/**
 * Which command ids this entity knows again, and what each said (ACC-6). Immutable.
 *
 * <p>An id is kept until its own time is older than the window; one that arrives older than that is
 * refused, so that forgetting is safe. Only commands that led to events are in it: what changed
 * nothing may be decided again.
 */
public record CommandWindow(PMap<String, CommandDigest> digests, PVector<Known> order) {

  /** One id, and the time that it carries. */
  public record Known(String commandId, Instant at) {}

  /** What an id is to this window. */
  enum Age {
    /** May be remembered. */
    IN_TIME,
    /** Older than the window, or from further ahead than it is long. */
    OUT_OF_TIME,
    /** Carries no time. */
    TIMELESS
  }

  /** Nothing is known. */
  public static final CommandWindow EMPTY =
      new CommandWindow(HashTreePMap.empty(), TreePVector.empty());

  static Age age(String commandId, Instant now, Duration length) {
    return TimedId.timeOf(commandId)
        .map(
            at ->
                Duration.between(at, now).abs().compareTo(length) > 0
                    ? Age.OUT_OF_TIME
                    : Age.IN_TIME)
        .orElse(Age.TIMELESS);
  }

  /** What the command with this id said. */
  Optional<CommandDigest> find(String commandId) {
    return Optional.ofNullable(digests.get(commandId));
  }

  /** With one more, and without those that have grown older than the window by {@code now}. */
  CommandWindow with(String commandId, CommandDigest digest, Instant now, Duration length) {
    Instant at = TimedId.timeOf(commandId).orElse(now);
    PMap<String, CommandDigest> kept = digests.plus(commandId, digest);
    PVector<Known> queue = order.plus(new Known(commandId, at));
    while (queue.size() > 1 && queue.get(0).at().plus(length).isBefore(now)) {
      kept = kept.minus(queue.get(0).commandId());
      queue = queue.minus(0);
    }
    return new CommandWindow(kept, queue);
  }

  /** With one more, as a snapshot has kept it. */
  public CommandWindow restored(String commandId, CommandDigest digest) {
    return with(commandId, digest, Instant.EPOCH, Duration.ZERO);
  }

  /** Each id with its digest, oldest first. */
  public void forEach(BiConsumer<String, CommandDigest> each) {
    for (Known known : order) {
      CommandDigest digest = digests.get(known.commandId());
      if (digest != null) {
        each.accept(known.commandId(), digest);
      }
    }
  }
}
