package io.tandem.node.edge;

/**
 * How often strangers may make this edge ask somebody else: so many at once, and so many a second
 * for long. A plain value for one loop.
 */
final class AskBudget {
  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  private final int burst;
  private final long nanosEach;
  private long fullAtNanos;
  private boolean begun;

  /**
   * @param burst asks that may come together
   * @param perSecond asks a second for long
   */
  AskBudget(int burst, int perSecond) {
    this.burst = burst;
    this.nanosEach = NANOS_PER_SECOND / perSecond;
  }

  /** Takes one ask if there is one at this monotonic instant. */
  boolean take(long nowNanos) {
    if (!begun || nowNanos - fullAtNanos > 0) {
      fullAtNanos = nowNanos;
      begun = true;
    }
    if (fullAtNanos + nanosEach - nowNanos > burst * nanosEach) {
      return false;
    }
    fullAtNanos += nanosEach;
    return true;
  }
}
