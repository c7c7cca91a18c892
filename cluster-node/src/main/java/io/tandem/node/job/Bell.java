package io.tandem.node.job;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Tells one waiting thread that there is something to look at; rung while nobody waits, it tells
 * the next who does. To ring it again before somebody has looked costs next to nothing.
 */
public final class Bell {
  private final AtomicBoolean rung = new AtomicBoolean();
  private volatile @Nullable Thread waiting;

  /** There is something. */
  public void ring() {
    if (!rung.get() && rung.compareAndSet(false, true)) {
      Thread thread = waiting;
      if (thread != null) {
        LockSupport.unpark(thread);
      }
    }
  }

  /** Waits until it rings, or has rung since the last wait, but no longer than that. */
  public void await(Duration longest) {
    long until = System.nanoTime() + longest.toNanos();
    waiting = Thread.currentThread();
    try {
      for (long left = longest.toNanos();
          !rung.get() && left > 0 && !Thread.currentThread().isInterrupted();
          left = until - System.nanoTime()) {
        LockSupport.parkNanos(this, left);
      }
    } finally {
      waiting = null;
      rung.set(false);
    }
  }
}
