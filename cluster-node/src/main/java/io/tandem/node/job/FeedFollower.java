package io.tandem.node.job;

import io.tandem.persistence.readmodel.Projector;
import java.time.Duration;

/**
 * Follows the feed into the read models: at once while there is something, and ever more calmly
 * while there is nothing.
 */
public final class FeedFollower implements Daemon.Work {

  private static final Duration SHORTEST = Duration.ofMillis(10);
  private static final Duration LONGEST = Duration.ofMillis(80);

  private final Projector projector;
  private Duration pause = SHORTEST;

  public FeedFollower(Projector projector) {
    this.projector = projector;
  }

  @Override
  public Duration step() {
    if (projector.step() > 0) {
      pause = SHORTEST;
      return Duration.ZERO;
    }
    Duration now = pause;
    Duration twice = pause.multipliedBy(2);
    pause = twice.compareTo(LONGEST) > 0 ? LONGEST : twice;
    return now;
  }
}
