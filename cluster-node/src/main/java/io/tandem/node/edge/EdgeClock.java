package io.tandem.node.edge;

import io.tandem.node.edge.legs.EdgeTime;
import io.tandem.protocol.sip.transport.EdgeLoop;
import java.time.InstantSource;

/**
 * The clock of connected time, and the timers that hang on it. Apart from the loop's own clock, so
 * that a test can let ninety seconds pass on a call while its messages travel in real time (QT-3).
 */
public interface EdgeClock {

  /** Now, by both clocks. */
  EdgeTime now();

  /** Runs the task on the loop after the delay of this clock. */
  EdgeLoop.Timer schedule(long delayMillis, Runnable task);

  /** The clock of the loop, with names from the wall clock. */
  static EdgeClock of(EdgeLoop loop, InstantSource wall) {
    return new EdgeClock() {
      @Override
      public EdgeTime now() {
        return new EdgeTime(loop.nanoTime(), wall.instant());
      }

      @Override
      public EdgeLoop.Timer schedule(long delayMillis, Runnable task) {
        return loop.schedule(delayMillis, task);
      }
    };
  }
}
