package io.tandem.ops.bench.call;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/** Times of many calls, and their percentiles. Not thread-safe. */
final class Latency {
  private long[] nanos = new long[1024];
  private int count;

  void add(long each) {
    if (count == nanos.length) {
      nanos = Arrays.copyOf(nanos, 2 * count);
    }
    nanos[count++] = each;
  }

  /** Milliseconds that so many hundredths of the calls stay within; 0 without calls. */
  long millis(int percent) {
    if (count == 0) {
      return 0;
    }
    long[] ordered = Arrays.copyOf(nanos, count);
    Arrays.sort(ordered);
    return TimeUnit.NANOSECONDS.toMillis(ordered[Math.min(count - 1, count * percent / 100)]);
  }
}
