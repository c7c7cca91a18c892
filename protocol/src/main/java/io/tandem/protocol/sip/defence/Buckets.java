package io.tandem.protocol.sip.defence;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A token bucket for each key, in bounded memory: a bucket is one instant, the one at which it is
 * full again (the generic cell rate algorithm). When there are too many, those that are full are
 * forgotten, which changes nothing; who is new while all are in use shares one bucket.
 *
 * <p>Not thread-safe: one per loop.
 */
public final class Buckets<K> {
  private final long nanosEach;
  private final long nanosAhead;
  private final int keysMax;
  private final Map<K, Bucket> buckets = new LinkedHashMap<>(64, 0.75f, true);
  private final Bucket shared = new Bucket(0);
  private boolean sharedBegun;

  private static final class Bucket {
    long fullAtNanos;

    Bucket(long fullAtNanos) {
      this.fullAtNanos = fullAtNanos;
    }
  }

  /**
   * @param keysMax how many are told apart
   */
  public Buckets(Rate rate, int keysMax) {
    this.nanosEach = rate.nanosEach();
    this.nanosAhead = rate.nanosAhead();
    this.keysMax = keysMax;
  }

  /** Takes one for that key if there is one at this monotonic instant. */
  public boolean take(K key, long nowNanos) {
    Bucket bucket = buckets.get(key);
    if (bucket == null) {
      bucket = room(nowNanos) ? new Bucket(nowNanos) : shared(nowNanos);
      if (bucket != shared) {
        buckets.put(key, bucket);
      }
    }
    return take(bucket, nowNanos);
  }

  private boolean take(Bucket bucket, long nowNanos) {
    if (nowNanos - bucket.fullAtNanos > 0) {
      bucket.fullAtNanos = nowNanos;
    }
    if (bucket.fullAtNanos + nanosEach - nowNanos > nanosAhead) {
      return false;
    }
    bucket.fullAtNanos += nanosEach;
    return true;
  }

  /** Whether one more key may be told apart; forgets the one that was quiet longest for it. */
  private boolean room(long nowNanos) {
    if (buckets.size() < keysMax) {
      return true;
    }
    Iterator<Bucket> quietest = buckets.values().iterator();
    if (quietest.hasNext() && quietest.next().fullAtNanos - nowNanos <= 0) {
      quietest.remove();
      return true;
    }
    return false;
  }

  private Bucket shared(long nowNanos) {
    if (!sharedBegun) {
      sharedBegun = true;
      shared.fullAtNanos = nowNanos;
    }
    return shared;
  }

  /** How many keys are told apart now. */
  public int size() {
    return buckets.size();
  }
}
