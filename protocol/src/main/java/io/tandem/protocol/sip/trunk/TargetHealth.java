package io.tandem.protocol.sip.trunk;

/**
 * Whether an address of a carrier answers, by OPTIONS and by the calls it was given. Two failures
 * in a row put it in quarantine: half a minute, then twice as long each time up to eight minutes,
 * after each of which it is asked again and used only once it has answered.
 *
 * @param failures in a row
 * @param nextProbeNanos monotonic instant of the next OPTIONS
 */
public record TargetHealth(int failures, long nextProbeNanos) {
  private static final long SECOND_NANOS = 1_000_000_000L;
  private static final int TOLERATED = 1;
  private static final int DOUBLINGS_MAX = 4;

  /** How often one that answers is asked. */
  public static final long PROBE_NANOS = 30 * SECOND_NANOS;

  /** A target that nobody has heard of: it is used, and asked at once. */
  public static TargetHealth unknown(long nowNanos) {
    return new TargetHealth(0, nowNanos);
  }

  /** Whether calls go there. */
  public boolean isUsable() {
    return failures <= TOLERATED;
  }

  /** Whether it is to be asked now. */
  public boolean isProbeDue(long nowNanos) {
    return nextProbeNanos - nowNanos <= 0;
  }

  /** It was asked: not again while the answer is out. */
  public TargetHealth probed(long nowNanos) {
    return new TargetHealth(failures, nowNanos + PROBE_NANOS);
  }

  /** It answered, whatever it said: even a 405 is a sign of life. */
  public TargetHealth answered(long nowNanos) {
    return new TargetHealth(0, nowNanos + PROBE_NANOS);
  }

  /** It did not answer, or said that it cannot: nothing came, 408, or 503. */
  public TargetHealth failed(long nowNanos) {
    int now = failures + 1;
    int beyond = now - TOLERATED - 1;
    long wait = beyond < 0 ? 2 * SECOND_NANOS : PROBE_NANOS << Math.min(beyond, DOUBLINGS_MAX);
    return new TargetHealth(now, nowNanos + wait);
  }
}
