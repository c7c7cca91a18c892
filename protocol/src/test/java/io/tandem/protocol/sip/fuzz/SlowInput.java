package io.tandem.protocol.sip.fuzz;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;

/** Fails a fuzzing run on an input that costs too much processor time; in a build it only runs. */
final class SlowInput {
  private static final long MAX_NANOS = 50_000_000;

  /**
   * A garbage collection or the compiler may hit one run; an input that is slow is so each time.
   */
  private static final int AGAIN = 4;

  private static final boolean FUZZING = System.getenv("JAZZER_FUZZ") != null;
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private SlowInput() {}

  static void guard(Runnable work) {
    if (!FUZZING || nanosOf(work) <= MAX_NANOS) {
      if (!FUZZING) {
        work.run();
      }
      return;
    }
    long least = Long.MAX_VALUE;
    for (int i = 0; i < AGAIN; i++) {
      least = Math.min(least, nanosOf(work));
    }
    if (least > MAX_NANOS) {
      throw new AssertionError("an input that takes " + least / 1_000_000 + " ms");
    }
  }

  private static long nanosOf(Runnable work) {
    long before = THREADS.getCurrentThreadCpuTime();
    work.run();
    return THREADS.getCurrentThreadCpuTime() - before;
  }
}
