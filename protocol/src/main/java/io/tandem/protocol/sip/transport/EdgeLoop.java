package io.tandem.protocol.sip.transport;

import java.util.concurrent.Executor;

/**
 * The one thread on which everything of the calls of this edge happens: messages, timers, and what
 * others hand in with {@link #execute}. The layers above need no locks. A simulator implements it
 * with virtual time.
 */
public interface EdgeLoop extends Executor {
  /** Whether the caller is on the loop. */
  boolean inLoop();

  /** The monotonic clock of this loop; only differences mean anything. */
  long nanoTime();

  /** Runs the task on the loop after the delay. */
  Timer schedule(long delayMillis, Runnable task);

  /** A task that has not run yet. */
  interface Timer {
    /** Has no effect when the task has run. */
    void cancel();
  }
}
