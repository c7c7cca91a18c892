package io.tandem.protocol.media.voice;

/**
 * Whether a thread keeps its beat: one that begins more than a beat after its time is late, and a
 * thread that is late for a whole second has more voices than it can carry. A pause of the machine
 * is no overload: what was missed is made good at once. By the thread itself.
 */
final class BeatPace {
  private static final long BEAT_NANOS = 20_000_000L;
  private static final long OVERLOADED_AFTER_NANOS = 1_000_000_000L;

  private boolean begun;
  private long dueNanos;
  private boolean late;
  private long lateSinceNanos;

  /**
   * A beat begins.
   *
   * @return whether it is late
   */
  boolean begins(long nowNanos) {
    dueNanos = begun ? dueNanos + BEAT_NANOS : nowNanos;
    begun = true;
    boolean was = late;
    late = nowNanos - dueNanos > BEAT_NANOS;
    if (late && !was) {
      lateSinceNanos = nowNanos;
    }
    return late;
  }

  /** Whether no beat was in time for a second. */
  boolean isOverloaded(long nowNanos) {
    return late && nowNanos - lateSinceNanos >= OVERLOADED_AFTER_NANOS;
  }
}
