package io.tandem.ops.whatif;

import java.time.Instant;

/** From an instant up to another, without it. */
public record TimeSpan(Instant from, Instant to) {
  /** All there is. */
  public static final TimeSpan ALL = new TimeSpan(Instant.MIN, Instant.MAX);

  /** Whether an instant is in it. */
  public boolean has(Instant at) {
    return !at.isBefore(from) && at.isBefore(to);
  }
}
