package io.tandem.node.job;

import io.tandem.node.entity.EntityKey;
import io.tandem.persistence.readmodel.DueIndex;
import io.tandem.persistence.readmodel.DueIndex.Due;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Wakes entities whose deadline has come, asleep or not, until each has moved its deadline or said
 * that it is settled. Nothing relies on an entity being awake: this is what wakes them, also after
 * the whole cluster was down.
 *
 * <p>An entity in memory keeps its own time, so this comes a little later and mostly finds nothing.
 */
public final class DueWalker implements Daemon.Work {

  private static final int PAGE = 500;
  private static final int PAGE_MAX = 20_000;
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(3);
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

  /** One deadline that was called out, and when it is to be again. */
  private record Called(long sequence, int times, Instant again) {}

  private final DueIndex index;
  private final Consumer<EntityKey> wake;
  private final InstantSource clock;
  private final Duration grace;
  private final Duration pace;
  private Map<EntityKey, Called> called = new HashMap<>();

  /**
   * @param wake sends an entity its wake command; must not block
   * @param clock what deadlines are compared with
   * @param grace how much later than the deadline, so that entities in memory come first
   * @param pace between two looks
   */
  public DueWalker(
      DueIndex index,
      Consumer<EntityKey> wake,
      InstantSource clock,
      Duration grace,
      Duration pace) {
    this.index = index;
    this.wake = wake;
    this.clock = clock;
    this.grace = grace;
    this.pace = pace;
  }

  @Override
  public Duration step() {
    Instant now = clock.instant();
    // those called out already may still stand in the way of others behind them
    int limit = Math.min(PAGE + called.size(), PAGE_MAX);
    List<Due> due = index.due(now.minus(grace), limit);
    Map<EntityKey, Called> still = new HashMap<>();
    int woken = 0;
    for (Due each : due) {
      EntityKey key = new EntityKey(each.entityType(), each.entityId());
      Called before = called.get(key);
      if (before == null || before.sequence() != each.sequence()) {
        before = new Called(each.sequence(), 0, Instant.MIN);
      }
      if (before.again().isAfter(now)) {
        still.put(key, before);
        continue;
      }
      int times = before.times() + 1;
      still.put(key, new Called(each.sequence(), times, now.plus(pause(times))));
      wake.accept(key);
      woken++;
    }
    called = still;
    return woken > 0 && due.size() == limit ? Duration.ofMillis(100) : pace;
  }

  private static Duration pause(int times) {
    Duration pause = FIRST_PAUSE.multipliedBy(1L << Math.min(times - 1, 10));
    return pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause;
  }
}
