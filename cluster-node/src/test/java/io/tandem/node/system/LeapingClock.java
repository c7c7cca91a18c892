package io.tandem.node.system;

import io.tandem.node.entity.host.HostClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * The real clock for entities and jobs, which can leap ahead: what falls due on the way rings at
 * once.
 */
final class LeapingClock implements HostClock, AutoCloseable {
  private record Asked(Instant at, Runnable task) {}

  private final List<Asked> asked = new ArrayList<>();
  private final ScheduledExecutorService hands =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("leap").factory());
  private Duration ahead = Duration.ZERO;

  LeapingClock() {
    var unused = hands.scheduleWithFixedDelay(this::ring, 5, 5, TimeUnit.MILLISECONDS);
  }

  @Override
  public synchronized Instant instant() {
    return Instant.now().plus(ahead);
  }

  @Override
  public synchronized Alarm after(Duration delay, Runnable task) {
    Asked one = new Asked(instant().plus(delay), task);
    asked.add(one);
    return () -> forget(one);
  }

  /** From now on it is so much later. */
  synchronized void leap(Duration time) {
    ahead = ahead.plus(time);
  }

  private void ring() {
    due().forEach(each -> each.task().run());
  }

  private synchronized List<Asked> due() {
    Instant now = instant();
    List<Asked> due =
        asked.stream()
            .filter(each -> !each.at().isAfter(now))
            .sorted(Comparator.comparing(Asked::at))
            .toList();
    asked.removeAll(due);
    return due;
  }

  private synchronized void forget(Asked one) {
    asked.remove(one);
  }

  @Override
  public void close() {
    hands.shutdownNow();
  }
}
