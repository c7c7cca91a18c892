package io.tandem.protocol.media.loop;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * How often a loop turns. A thread that wakes for each packet pays more for waking than for the
 * packet; one that carries many takes what came in a quarter of a millisecond together. With few it
 * wakes for each.
 */
final class Pace {
  /** The most a packet waits for its turn. */
  private static final long TURN_NANOS = TimeUnit.MICROSECONDS.toNanos(250);

  private static final long WINDOW_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

  /** Of a window, from which on it is many: 5,000 packets a second. */
  private static final int MANY = 50;

  private long turnNanos = System.nanoTime();
  private long windowNanos = turnNanos;
  private int packets;
  private boolean many;

  /** A turn is over that carried so many: waits until it is time for the next, or does not. */
  void turned(int carried) {
    packets += carried;
    long now = System.nanoTime();
    if (now - windowNanos >= WINDOW_NANOS) {
      many = packets >= MANY;
      packets = 0;
      windowNanos = now;
    }
    long left = turnNanos + TURN_NANOS - now;
    if (many && left > 0) {
      LockSupport.parkNanos(this, left);
      now = System.nanoTime();
    }
    turnNanos = now;
  }
}
