package io.tandem.node.security;

import io.tandem.node.entity.EntityKey;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Something that befell a door.
 *
 * @param kind the name of the event that tells of it
 * @param source from where, and of what: the same again is counted, not told again
 * @param atLeast seen so often, it is told of
 * @param log which log it goes into; null for the one of {@code whose} of the day it is told
 * @param commandId for what is to be noted once however often it is told; null for a new one
 */
public record Sighting(
    String kind,
    String whose,
    String source,
    int atLeast,
    @Nullable EntityKey log,
    @Nullable String commandId,
    Words words) {

  /** Tells of it. */
  @FunctionalInterface
  public interface Words {
    SecurityCommand of(long count, Instant from, Instant to);
  }
}
