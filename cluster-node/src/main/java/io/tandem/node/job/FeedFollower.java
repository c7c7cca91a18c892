package io.tandem.node.job;

import io.tandem.persistence.readmodel.Projector;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Follows the feed into the read models. It looks at once when this node has stored something, and
 * ever more calmly while it has not: other nodes store too. What comes together within a short
 * while is written as one, since a page costs more than its events do. Who needs to know sooner is
 * told of what this node stored by its hosts ({@link io.tandem.node.entity.host.Shown}).
 */
public final class FeedFollower implements Daemon.Work {

  private static final Duration SHORTEST = Duration.ofMillis(10);
  private static final Duration LONGEST = Duration.ofMillis(160);
  private static final long PACE_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

  private final Projector projector;
  private final Bell stored;
  private final Bell projected;
  private final Watch watch;
  private Duration pause = SHORTEST;
  private long nextNanos = System.nanoTime();

  /** Told of every step that was made. */
  @FunctionalInterface
  public interface Watch {
    void stepped(boolean atEnd);
  }

  /** With nobody watching. */
  public FeedFollower(Projector projector, Bell stored, Bell projected) {
    this(projector, stored, projected, atEnd -> {});
  }

  /**
   * @param stored rings when this node has stored events
   * @param projected is rung when the read models have changed
   * @param watch is told of every step, and whether it reached the end of the feed
   */
  public FeedFollower(Projector projector, Bell stored, Bell projected, Watch watch) {
    this.projector = projector;
    this.stored = stored;
    this.projected = projected;
    this.watch = watch;
  }

  @Override
  public Duration step() {
    stored.await(pause);
    for (long early = nextNanos - System.nanoTime();
        early > 0 && !Thread.currentThread().isInterrupted();
        early = nextNanos - System.nanoTime()) {
      LockSupport.parkNanos(early);
    }
    long begun = System.nanoTime();
    int events = projector.step();
    boolean more = projector.isPage(events);
    watch.stepped(!more);
    nextNanos = begun + (more ? 0 : events > 0 ? PACE_NANOS : LOOK_NANOS);
    if (events > 0) {
      projected.ring();
      pause = more ? Duration.ZERO : SHORTEST;
    } else {
      Duration twice = pause.isZero() ? SHORTEST : pause.multipliedBy(2);
      pause = twice.compareTo(LONGEST) > 0 ? LONGEST : twice;
    }
    return Duration.ZERO;
  }
}
