package io.tandem.node.sim;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.function.BooleanSupplier;

/** One queue owns all time: what is due next happens next, and nothing happens beside it. */
final class VirtualTime {

  private static final Comparator<Entry> ORDER =
      Comparator.comparing(Entry::at).thenComparingLong(Entry::order);

  private record Entry(Instant at, long order, Runnable what) {}

  private final PriorityQueue<Entry> queue = new PriorityQueue<>(ORDER);
  private Instant now;
  private long order;

  VirtualTime(Instant start) {
    this.now = start;
  }

  Instant now() {
    return now;
  }

  void after(Duration delay, Runnable what) {
    at(now.plus(delay), what);
  }

  /** What lies in the past happens now. */
  void at(Instant when, Runnable what) {
    queue.add(new Entry(when.isBefore(now) ? now : when, order++, what));
  }

  /**
   * Lets time pass until it is enough; returns whether it was, before the queue was empty or {@code
   * until} came.
   */
  boolean run(Instant until, BooleanSupplier enough) {
    while (!enough.getAsBoolean()) {
      Entry next = queue.peek();
      if (next == null || next.at().isAfter(until)) {
        return false;
      }
      queue.remove();
      now = next.at();
      next.what().run();
    }
    return true;
  }
}
