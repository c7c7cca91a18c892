package io.tandem.ops.demo;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waiting for what is to happen soon. */
final class Patience {
  private static final Duration LOOK_EVERY = Duration.ofMillis(50);

  private Patience() {}

  /**
   * Looks until it is so.
   *
   * @return false when the time ran out
   */
  static boolean until(Duration atMost, BooleanSupplier so) {
    long end = System.nanoTime() + atMost.toNanos();
    while (!so.getAsBoolean()) {
      if (System.nanoTime() - end > 0) {
        return false;
      }
      LockSupport.parkNanos(LOOK_EVERY.toNanos());
    }
    return true;
  }
}
