package io.tandem.persistence.journal.rows;

import java.util.concurrent.TimeUnit;

/**
 * Whether a write that waits a moment is likely to get company: where writes of many entities come
 * close together, and not where one entity writes again and again, each time after the answer to
 * the last. Learned from what waiting has brought lately; tried again now and then. Pure: times
 * come in.
 */
final class Company {
  /** Longer gaps between writes count as this one: a pause is not remembered for long. */
  private static final long GAP_NANOS_MAX = TimeUnit.MILLISECONDS.toNanos(20);

  private static final long TRY_AGAIN_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** The last counts for so much of the mean: an eighth. */
  private static final int MEMORY = 8;

  private static final int SIXTEENTHS = 16;

  /** Half a write each time is worth it. */
  private static final int WORTH_IT = SIXTEENTHS / 2;

  private static final int MANY = 64;

  private long arrivedNanos;
  private long gapNanos = GAP_NANOS_MAX;
  private int camePerWait = SIXTEENTHS;
  private long tryAgainNanos;

  Company(long nowNanos) {
    arrivedNanos = nowNanos;
    tryAgainNanos = nowNanos;
  }

  /** A write has come. */
  void arrived(long nowNanos) {
    long gap = Math.clamp(nowNanos - arrivedNanos, 0, GAP_NANOS_MAX);
    arrivedNanos = nowNanos;
    gapNanos += (gap - gapNanos) / MEMORY;
  }

  /** Whether to wait now, for so long at most. */
  boolean isLikely(long waitNanos, long nowNanos) {
    if (gapNanos >= waitNanos) {
      return false;
    }
    if (camePerWait < WORTH_IT && nowNanos - tryAgainNanos < 0) {
      return false;
    }
    tryAgainNanos = nowNanos + TRY_AGAIN_NANOS;
    return true;
  }

  /** So many writes more were there after it was waited. */
  void came(int writes) {
    camePerWait += (Math.min(writes, MANY) * SIXTEENTHS - camePerWait) / MEMORY;
  }
}
