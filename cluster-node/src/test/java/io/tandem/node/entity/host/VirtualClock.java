package io.tandem.node.entity.host;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * A clock that stands until it is moved; what it was asked for runs on the thread that moves it.
 */
public final class VirtualClock implements HostClock {

  private record Asked(Instant at, long order, Runnable task) {}

  private final PriorityQueue<Asked> asked =
      new PriorityQueue<>(Comparator.comparing(Asked::at).thenComparing(Asked::order));
  private Instant now;
  private long order;

  /** Standing at an instant. */
  public VirtualClock(Instant start) {
    this.now = start;
  }

  @Override
  public synchronized Instant instant() {
    return now;
  }

  @Override
  public synchronized Alarm after(Duration delay, Runnable task) {
    Asked one = new Asked(now.plus(delay), order++, task);
    asked.add(one);
    return () -> cancel(one);
  }

  /** Lets time pass; alarms ring in their order, each at its instant. */
  public void advance(Duration time) {
    Instant until = instant().plus(time);
    for (List<Asked> due = next(until); !due.isEmpty(); due = next(until)) {
      due.forEach(each -> each.task().run());
    }
    synchronized (this) {
      now = until;
    }
  }

  /** How many alarms are set. */
  public synchronized int alarms() {
    return asked.size();
  }

  private synchronized void cancel(Asked one) {
    asked.remove(one);
  }

  private synchronized List<Asked> next(Instant until) {
    Asked first = asked.peek();
    if (first == null || first.at().isAfter(until)) {
      return List.of();
    }
    asked.poll();
    now = first.at().isAfter(now) ? first.at() : now;
    return new ArrayList<>(List.of(first));
  }
}
