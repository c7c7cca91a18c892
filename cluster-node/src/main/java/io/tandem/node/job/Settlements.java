package io.tandem.node.job;

import io.tandem.node.entity.EntityKey;
import io.tandem.node.entity.host.Settling;
import io.tandem.persistence.journal.JournalException;
import io.tandem.persistence.readmodel.DueIndex;
import io.tandem.persistence.readmodel.DueIndex.Due;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes settled entities off the due-index, many at a time and a little later: the feed is to have
 * brought their last event there first. Where it lags behind, that comes after us, so everything is
 * taken off in two rounds. What is lost here with its node is woken once more and settles again.
 */
public final class Settlements implements Settling {

  private static final Logger LOG = LoggerFactory.getLogger(Settlements.class);

  /**
   * Above this the oldest news is worth less than the memory: the walker wakes those entities once
   * more.
   */
  private static final int KEPT_MAX = 200_000;

  /** Runs something once after the pause for which settlements wait. */
  @FunctionalInterface
  public interface Later {
    void run(Runnable task);
  }

  private final DueIndex index;
  private final Later later;
  private final Object lock = new Object();
  private Map<EntityKey, Long> settled = new HashMap<>();

  /** What was written in the round before, and is written once more. */
  private Map<EntityKey, Long> once = Map.of();

  private boolean asked;

  /**
   * @param later gives tasks a thread that may block, after about three seconds in a node
   */
  public Settlements(DueIndex index, Later later) {
    this.index = index;
    this.later = later;
  }

  @Override
  public void settled(EntityKey entity, long sequence) {
    boolean ask;
    synchronized (lock) {
      if (settled.size() >= KEPT_MAX) {
        return;
      }
      settled.merge(entity, sequence, Math::max);
      ask = !asked;
      asked = true;
    }
    if (ask) {
      later.run(this::write);
    }
  }

  /** Writes what has come together; keeps it for another time where the database is away. */
  public void write() {
    Map<EntityKey, Long> fresh;
    Map<EntityKey, Long> all;
    synchronized (lock) {
      fresh = settled;
      all = new HashMap<>(once);
      settled = new HashMap<>();
      once = fresh;
      asked = !fresh.isEmpty();
    }
    fresh.forEach((key, sequence) -> all.merge(key, sequence, Math::max));
    if (!fresh.isEmpty()) {
      later.run(this::write);
    }
    List<Due> rows = new ArrayList<>(all.size());
    all.forEach(
        (key, sequence) -> rows.add(new Due(key.type(), key.id(), sequence, Instant.EPOCH)));
    try {
      index.settle(rows);
    } catch (JournalException e) {
      LOG.warn("{} settled entities wait for the database: {}", rows.size(), e.getMessage());
      all.forEach(this::settled);
    }
  }
}
