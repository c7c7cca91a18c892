package io.tandem.protocol.sip.defence;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Messages that have been received and not been read yet (OPS-5). What belongs to something that
 * has begun goes first; a new request that waited too long is not served but refused while that
 * lasts, so that those that are served are served in time. Pure but for its own state; one per
 * loop.
 */
public final class WaitingLine<T> {
  private final long waitNanos;
  private final int newMax;
  private final int allMax;
  private final ArrayDeque<Waiting<T>> urgent = new ArrayDeque<>();
  private final ArrayDeque<Waiting<T>> fresh = new ArrayDeque<>();

  /** So many may wait whatever has been learnt: a burst is no overload. */
  private static final int ALWAYS = 64;

  /** How many times as long the first may wait: a little longer than a second SIP repetition. */
  private static final int COLD_PATIENCE = 8;

  private static final int SMOOTH = 16;
  private static final int SURPRISE = 8;

  private long nanosEach;
  private long lastNewNanos;
  private int coldLeft;
  private boolean measuring;
  private boolean late;
  private long lateSinceNanos;

  private record Waiting<T>(T item, boolean sheddable, long sinceNanos) {}

  /** What is next: an item, and whether it is to be served or refused. */
  public record Next<T>(T item, boolean serve) {}

  /**
   * @param waitNanos how long a new request may wait
   * @param newMax how many new requests may
   * @param allMax how many messages may at all
   * @param cold so many are served first with more patience: a process that has just begun is slow,
   *     for its code is still loaded and compiled, and that passes
   */
  public WaitingLine(long waitNanos, int newMax, int allMax, int cold) {
    this.coldLeft = cold;
    this.waitNanos = waitNanos;
    this.newMax = newMax;
    this.allMax = allMax;
  }

  /** What became of an item. */
  public enum Place {
    WAITS,
    /** Too many new requests wait: to be refused at once. */
    REFUSED,
    /** Too many wait at all: gone. */
    LOST
  }

  /** Puts an item in. */
  public Place offer(T item, Glance.Kind kind, long nowNanos) {
    boolean sheddable = kind == Glance.Kind.NEW;
    if (sheddable && (fresh.size() >= newMax || wouldWaitTooLong())) {
      return Place.REFUSED;
    }
    if (urgent.size() + fresh.size() >= allMax) {
      return Place.LOST;
    }
    // a CANCEL does not overtake the INVITE that it is for
    boolean behind = sheddable || (kind == Glance.Kind.CANCEL && !fresh.isEmpty());
    (behind ? fresh : urgent).add(new Waiting<>(item, sheddable, nowNanos));
    return Place.WAITS;
  }

  /**
   * Whether who comes now would wait too long, by how long those before it took: refused at once,
   * so that the line never fills with those that will be too late when their turn comes. What the
   * first of a process took says nothing about the next.
   */
  private boolean wouldWaitTooLong() {
    return coldLeft == 0 && fresh.size() >= ALWAYS && fresh.size() * nanosEach > waitNanos;
  }

  private long patienceNanos() {
    return coldLeft > 0 ? COLD_PATIENCE * waitNanos : waitNanos;
  }

  /** Learns how long one new request takes, with all that is more urgent, while some wait. */
  private void took(long nowNanos) {
    if (measuring) {
      long interval = nowNanos - lastNewNanos;
      long bounded = nanosEach == 0 ? interval : Math.min(interval, SURPRISE * nanosEach);
      nanosEach += (bounded - nanosEach) / SMOOTH;
    }
    measuring = !fresh.isEmpty();
    lastNewNanos = nowNanos;
  }

  /** Takes the next item out; null when nobody waits. */
  public @Nullable Next<T> next(long nowNanos) {
    Waiting<T> first = urgent.poll();
    if (first != null) {
      return new Next<>(first.item(), true);
    }
    Waiting<T> second = fresh.poll();
    if (second == null) {
      return null;
    }
    took(nowNanos);
    boolean serve = !(isStanding(second, nowNanos) && second.sheddable());
    coldLeft -= serve && coldLeft > 0 ? 1 : 0;
    return new Next<>(second.item(), serve);
  }

  /**
   * Whether the wait has been too long for as long as the wait may be: one pause of the machine is
   * no overload, and what it delayed is served (the idea is that of RFC 8289, CoDel).
   */
  private boolean isStanding(Waiting<T> first, long nowNanos) {
    long patience = patienceNanos();
    if (nowNanos - first.sinceNanos() <= patience) {
      late = false;
      return false;
    }
    if (!late) {
      late = true;
      lateSinceNanos = nowNanos;
    }
    return nowNanos - lateSinceNanos >= patience;
  }

  public boolean isEmpty() {
    return urgent.isEmpty() && fresh.isEmpty();
  }

  /** How many wait. */
  public int size() {
    return urgent.size() + fresh.size();
  }
}
