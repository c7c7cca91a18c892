package io.tandem.node.system;

import io.tandem.node.edge.EdgeClock;
import io.tandem.node.edge.legs.EdgeTime;
import io.tandem.protocol.sip.transport.EdgeLoop;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * A clock of connected time that stands until it is told to go on; messages travel in real time
 * meanwhile (QT-3).
 */
public final class VirtualEdge {
  private record Due(long atNanos, Runnable task) {}

  private final List<Due> due = new ArrayList<>();
  private EdgeLoop loop;
  private Instant start;
  private long nanos;

  /** The clock for a node's edge. */
  public EdgeClock on(EdgeLoop onLoop, InstantSource wall) {
    loop = onLoop;
    start = wall.instant();
    return new EdgeClock() {
      @Override
      public EdgeTime now() {
        return new EdgeTime(nanos, start.plusNanos(nanos));
      }

      @Override
      public EdgeLoop.Timer schedule(long delayMillis, Runnable task) {
        Due entry = new Due(nanos + TimeUnit.MILLISECONDS.toNanos(delayMillis), task);
        due.add(entry);
        return () -> due.remove(entry);
      }
    };
  }

  /** Lets time pass on the loop, with everything that falls due on the way. */
  public void advance(long millis) {
    onLoop(
        () -> {
          long until = nanos + TimeUnit.MILLISECONDS.toNanos(millis);
          for (Due next = next(until); next != null; next = next(until)) {
            due.remove(next);
            nanos = Math.max(nanos, next.atNanos());
            next.task().run();
          }
          nanos = until;
        });
  }

  /** Lets time pass while no timer rings: the loop was busy, and all of them are late. */
  void stall(long millis) {
    onLoop(() -> nanos += TimeUnit.MILLISECONDS.toNanos(millis));
  }

  private Due next(long until) {
    return due.stream()
        .filter(each -> each.atNanos() <= until)
        .min(Comparator.comparingLong(Due::atNanos))
        .orElse(null);
  }

  private void onLoop(Runnable task) {
    try {
      CompletableFuture.runAsync(task, loop).get(10, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new AssertionError("the edge's loop did not take the time on", e);
    }
  }
}
