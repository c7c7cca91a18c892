package io.tandem.protocol.media.jitter;

import java.util.Arrays;

/**
 * How long a stream's packets must be held so that nearly all are there in time: the spread of
 * their transit times over the last five seconds, measured from the fastest one, at 97 of 100. The
 * window forgets, so the clocks of the two ends may drift apart. Pure, without allocation.
 */
final class DelayEstimate {
  static final int MIN_MILLIS = 10;
  static final int MAX_MILLIS = 300;
  private static final int FIRST_GUESS_MILLIS = 30;

  private static final int WINDOW_PACKETS = 256;
  private static final int PACKETS_BETWEEN_ESTIMATES = 16;
  private static final double SHARE_IN_TIME = 0.97;

  private final int clockRateHz;
  private final long[] transitMicros = new long[WINDOW_PACKETS];
  private final int[] histogram = new int[MAX_MILLIS + 1];
  private int seen;
  private int firstTimestamp;
  private long firstNanos;
  private int millis = FIRST_GUESS_MILLIS;

  DelayEstimate(int clockRateHz) {
    this.clockRateHz = clockRateHz;
  }

  void restart() {
    seen = 0;
  }

  void arrived(int timestamp, long nowNanos) {
    if (seen == 0) {
      firstTimestamp = timestamp;
      firstNanos = nowNanos;
    }
    // Differences of 32-bit timestamps; a call of a day at 48 kHz wraps, so the base moves along.
    long mediaMicros = (long) (timestamp - firstTimestamp) * 1_000_000 / clockRateHz;
    transitMicros[seen % WINDOW_PACKETS] = (nowNanos - firstNanos) / 1000 - mediaMicros;
    seen++;
    if (seen % PACKETS_BETWEEN_ESTIMATES == 0) {
      estimate();
    }
    if (seen == 1 << 20) {
      restart();
    }
  }

  private void estimate() {
    int count = Math.min(seen, WINDOW_PACKETS);
    long fastest = Long.MAX_VALUE;
    for (int i = 0; i < count; i++) {
      fastest = Math.min(fastest, transitMicros[i]);
    }
    Arrays.fill(histogram, 0);
    for (int i = 0; i < count; i++) {
      histogram[(int) Math.min(MAX_MILLIS, (transitMicros[i] - fastest) / 1000)]++;
    }
    int inTime = 0;
    int needed = (int) Math.ceil(count * SHARE_IN_TIME);
    int bound = 0;
    while (bound < MAX_MILLIS && (inTime += histogram[bound]) < needed) {
      bound++;
    }
    millis = Math.clamp(bound, MIN_MILLIS, MAX_MILLIS);
  }

  /** What to hold now, 10 to 300. */
  int millis() {
    return millis;
  }
}
