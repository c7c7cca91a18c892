package io.tandem.protocol.sip.auth;

import io.netty.util.collection.LongObjectHashMap;
import io.netty.util.collection.LongObjectMap;
import java.util.ArrayDeque;

/**
 * The replay guard: which nonce counts of a nonce were used, as a window of 64 below the highest,
 * since requests of one phone may overtake each other. Bounded: when it is full the oldest nonces
 * are forgotten, and from then on every nonce issued before the newest forgotten one is taken for
 * stale, so that forgetting never lets a replay through.
 *
 * <p>Not thread-safe: it belongs to one signalling loop.
 */
final class NonceUses {

  private static final int WINDOW = 64;

  private final int capacity;
  private final long lifetimeMs;
  private final LongObjectMap<Window> windows = new LongObjectHashMap<>();
  private final ArrayDeque<Window> oldestFirst = new ArrayDeque<>();
  private long forgottenUpToMs = Long.MIN_VALUE;

  private static final class Window {
    final long serial;
    final long issuedAtMs;
    long highest;
    long seen; // bit i: highest - i was used

    Window(long serial, long issuedAtMs) {
      this.serial = serial;
      this.issuedAtMs = issuedAtMs;
    }

    boolean use(long count) {
      long ahead = count - highest;
      if (ahead > 0) {
        seen = ahead >= WINDOW ? 1 : (seen << ahead) | 1;
        highest = count;
        return true;
      }
      long bit = ahead <= -WINDOW ? 0 : 1L << -ahead;
      boolean fresh = bit != 0 && (seen & bit) == 0;
      seen |= bit;
      return fresh;
    }
  }

  NonceUses(int capacity, long lifetimeMs) {
    this.capacity = capacity;
    this.lifetimeMs = lifetimeMs;
  }

  /**
   * Notes a use; false when it is a repetition, or can no longer be told from one.
   *
   * @param serial what tells the nonce from others: 64 bits drawn at random
   */
  boolean use(long serial, long issuedAtMs, long count, long nowMs) {
    forget(nowMs);
    Window window = windows.get(serial);
    if (window == null) {
      if (issuedAtMs <= forgottenUpToMs) {
        return false;
      }
      window = new Window(serial, issuedAtMs);
      windows.put(serial, window);
      oldestFirst.add(window);
    }
    return window.use(count);
  }

  /** Drops windows whose nonce is stale by its own age, and the oldest ones above the capacity. */
  private void forget(long nowMs) {
    Window oldest = oldestFirst.peek();
    while (oldest != null) {
      boolean expired = nowMs - oldest.issuedAtMs > lifetimeMs;
      if (!expired && windows.size() < capacity) {
        return;
      }
      if (!expired) {
        forgottenUpToMs = Math.max(forgottenUpToMs, oldest.issuedAtMs);
      }
      windows.remove(oldest.serial);
      oldestFirst.remove();
      oldest = oldestFirst.peek();
    }
  }
}
