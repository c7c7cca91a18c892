package io.tandem.protocol.sip.defence;

/**
 * A token bucket's measures.
 *
 * @param perSecond how many for long, at least 1
 * @param burst how many at once, at least 1
 */
public record Rate(int perSecond, int burst) {
  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  public Rate {
    if (perSecond < 1 || burst < 1) {
      throw new IllegalArgumentException("a rate lets something through");
    }
  }

  /** The time after which one more is due. */
  long nanosEach() {
    return NANOS_PER_SECOND / perSecond;
  }

  /** How far ahead of its time a full burst is. */
  long nanosAhead() {
    return burst * nanosEach();
  }
}
