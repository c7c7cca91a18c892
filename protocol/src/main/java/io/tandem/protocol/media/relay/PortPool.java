package io.tandem.protocol.media.relay;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;

/**
 * The port pairs of an anchor, a shelf for each event loop. A call takes two of one shelf. What
 * comes back rests before it is given out again, so that late packets of the former call cannot
 * reach the next; the longest rested goes first. When a shelf has nothing rested, it grows by
 * binding the next ports of the range. When nothing can be bound any more, a quarter of the rest
 * has to do: a call that is refused is worse than a late packet, which is a stranger's to the next
 * one.
 *
 * @param <P> what a bound pair is; opaque here
 */
final class PortPool<P> {
  /** Binds the even port and the one above on a loop; empty when one of them is busy. */
  interface Binder<P> {
    Optional<P> bind(int rtpPort, int loop);
  }

  /** A call that finds so many ports busy in a row does not wait for the search to go on. */
  private static final int MAX_BUSY_PORTS_A_CALL = 64;

  /** Two pairs of one loop. */
  record Taken<P>(int loop, P first, P second) {}

  /** A part of the rest that has to do when there is nothing else: one in so many. */
  private static final int SHORT_REST = 4;

  private record Resting<P>(P pair, long untilNanos) {}

  private static final class Shelf<P> {
    final ArrayDeque<Resting<P>> pairs = new ArrayDeque<>();
    int lent;
  }

  /**
   * @param bound pairs that are bound
   * @param lent pairs that calls hold
   * @param resting pairs in quarantine
   * @param busy pairs of the range that somebody else's socket keeps from us
   */
  record Stock(int bound, int lent, int resting, int busy) {}

  private final PortRange range;
  private final IntSupplier pairsMax;
  private final long quarantineNanos;
  private final LongSupplier nanoClock;
  private final Binder<P> binder;
  private final List<Shelf<P>> shelves = new ArrayList<>();
  private final ArrayDeque<Integer> busyPorts = new ArrayDeque<>();
  private int nextPort;
  private int bound;
  private int triesLeft;

  /**
   * @param pairsMax how many pairs may be bound now, whatever the range holds
   */
  PortPool(
      PortRange range,
      IntSupplier pairsMax,
      int loops,
      long quarantineNanos,
      LongSupplier nanoClock,
      Binder<P> binder) {
    this.range = range;
    this.pairsMax = pairsMax;
    this.quarantineNanos = quarantineNanos;
    this.nanoClock = nanoClock;
    this.binder = binder;
    this.nextPort = range.firstEven();
    for (int i = 0; i < loops; i++) {
      shelves.add(new Shelf<>());
    }
  }

  /** Binds up to so many pairs ahead of need, spread over the shelves. */
  synchronized void warm(int pairs) {
    triesLeft = Integer.MAX_VALUE;
    for (int i = 0; i < pairs; i++) {
      if (!grow(i % shelves.size())) {
        return;
      }
    }
  }

  /** Two pairs of the least busy loop that has or can get two; empty when nothing is left. */
  synchronized Optional<Taken<P>> takeTwo() {
    long now = nanoClock.getAsLong();
    triesLeft = MAX_BUSY_PORTS_A_CALL;
    List<Integer> byLoad = new ArrayList<>();
    for (int loop = 0; loop < shelves.size(); loop++) {
      byLoad.add(loop);
    }
    byLoad.sort((x, y) -> Integer.compare(shelves.get(x).lent, shelves.get(y).lent));
    for (int loop : byLoad) {
      int rested = rested(shelves.get(loop), now);
      while (rested < 2 && grow(loop)) {
        rested++;
      }
      if (rested >= 2) {
        return Optional.of(lend(loop));
      }
    }
    long soon = now + quarantineNanos - quarantineNanos / SHORT_REST;
    for (int loop : byLoad) {
      if (rested(shelves.get(loop), soon) == 2) {
        return Optional.of(lend(loop));
      }
    }
    return Optional.empty();
  }

  private Taken<P> lend(int loop) {
    Shelf<P> shelf = shelves.get(loop);
    shelf.lent += 2;
    return new Taken<>(loop, shelf.pairs.removeFirst().pair(), shelf.pairs.removeFirst().pair());
  }

  /** A call is over: its pairs rest, then come back into use on their loop. */
  synchronized void giveBack(Taken<P> taken) {
    long until = nanoClock.getAsLong() + quarantineNanos;
    Shelf<P> shelf = shelves.get(taken.loop());
    shelf.lent -= 2;
    shelf.pairs.addLast(new Resting<>(taken.first(), until));
    shelf.pairs.addLast(new Resting<>(taken.second(), until));
  }

  /** Takes every pair that is not lent out of the pool for good. */
  synchronized void drain(Consumer<P> pair) {
    for (Shelf<P> shelf : shelves) {
      for (Resting<P> resting : shelf.pairs) {
        pair.accept(resting.pair());
        bound--;
      }
      shelf.pairs.clear();
    }
  }

  synchronized Stock stock() {
    long now = nanoClock.getAsLong();
    int lent = 0;
    int resting = 0;
    for (Shelf<P> shelf : shelves) {
      lent += shelf.lent;
      for (Resting<P> pair : shelf.pairs) {
        if (now - pair.untilNanos() < 0) {
          resting++;
        }
      }
    }
    return new Stock(bound, lent, resting, busyPorts.size());
  }

  /** 0, 1 or 2: how many of the first two on the shelf have rested; the shelf is in that order. */
  private int rested(Shelf<P> shelf, long now) {
    int rested = 0;
    for (Resting<P> pair : shelf.pairs) {
      if (rested == 2 || now - pair.untilNanos() < 0) {
        break;
      }
      rested++;
    }
    return rested;
  }

  /**
   * Binds one more pair for a loop; false when the whole range is bound, or as much of it as may
   * be, or busy as far as tried.
   */
  private boolean grow(int loop) {
    if (bound >= pairsMax.getAsInt()) {
      return false;
    }
    while (nextPort + 1 <= range.last() && triesLeft > 0) {
      int port = nextPort;
      nextPort += 2;
      if (bind(port, loop)) {
        return true;
      }
      busyPorts.addLast(port);
    }
    // What was busy once may be free by now; each is tried once, the longest untried first.
    for (int i = busyPorts.size(); i > 0 && triesLeft > 0; i--) {
      int port = busyPorts.removeFirst();
      if (bind(port, loop)) {
        return true;
      }
      busyPorts.addLast(port);
    }
    return false;
  }

  private boolean bind(int port, int loop) {
    Optional<P> pair = binder.bind(port, loop);
    if (pair.isEmpty()) {
      triesLeft--;
    }
    // Never used, so never resting: it goes to the front, where the rested ones are.
    pair.ifPresent(p -> shelves.get(loop).pairs.addFirst(new Resting<>(p, nanoClock.getAsLong())));
    if (pair.isPresent()) {
      bound++;
    }
    return pair.isPresent();
  }
}
