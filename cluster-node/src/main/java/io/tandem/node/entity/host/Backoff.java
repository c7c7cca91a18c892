package io.tandem.node.entity.host;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * Pauses that double from {@code first} up to {@code longest}, each shortened at random by up to a
 * fifth.
 */
public record Backoff(Duration first, Duration longest) {

  /** The pause after the {@code attempts}-th try (from 1). */
  public Duration pause(int attempts, RandomGenerator random) {
    int doublings = Math.clamp(attempts - 1L, 0, 30);
    long millis = Math.min(longest.toMillis(), first.toMillis() << doublings);
    return Duration.ofMillis(millis - random.nextLong(millis / 5 + 1));
  }
}
