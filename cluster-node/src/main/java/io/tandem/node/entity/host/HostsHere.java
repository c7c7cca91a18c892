package io.tandem.node.entity.host;

import akka.actor.typed.ActorRef;
import io.tandem.node.entity.EntityKey;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The entities that run on this node and take commands, to be reached past their region and shard:
 * that is two actors less a command. Thread-safe.
 *
 * <p>An entity is in here from when it is loaded until it is about to end; what was on its way then
 * is refused as <em>stopped</em>. Its shard must hear of it now and then, or it takes the entity
 * for idle and lets it go.
 */
final class HostsHere {

  private static final class Here {
    private final ActorRef<HostMessage> host;
    private volatile long shardHeardNanos;

    Here(ActorRef<HostMessage> host, long shardHeardNanos) {
      this.host = host;
      this.shardHeardNanos = shardHeardNanos;
    }
  }

  private final ConcurrentHashMap<EntityKey, Here> hosts = new ConcurrentHashMap<>();
  private final Map<String, Integer> neighbours = new ConcurrentHashMap<>();
  private final long hearNanos;
  private final int shards;
  private final LongSupplier nanos;

  /**
   * Nobody runs here yet.
   *
   * @param hear how long a shard may go without hearing of an entity that is asked
   * @param shards of each noun
   * @param nanos a clock that only goes on, {@code System::nanoTime}
   */
  HostsHere(Duration hear, int shards, LongSupplier nanos) {
    this.shards = shards;
    this.hearNanos = hear.toNanos();
    this.nanos = nanos;
  }

  void runs(EntityKey entity, ActorRef<HostMessage> host) {
    if (hosts.put(entity, new Here(host, nanos.getAsLong())) == null) {
      Integer unused = neighbours.merge(shardOf(entity), 1, Integer::sum);
    }
  }

  void leaves(EntityKey entity, ActorRef<HostMessage> host) {
    Here left = hosts.get(entity);
    if (left != null && left.host.equals(host) && hosts.remove(entity, left)) {
      Integer unused =
          neighbours.computeIfPresent(
              shardOf(entity), (shard, count) -> count == 1 ? null : count - 1);
    }
  }

  /** Whether others of its shard run here, so that it would too. */
  boolean hasNeighbours(EntityKey entity) {
    return neighbours.containsKey(shardOf(entity));
  }

  /** Of a noun; the number is the one by which entities are spread. */
  private String shardOf(EntityKey entity) {
    return entity.type() + '|' + shardOf(entity.id(), shards);
  }

  /** The number of an entity's shard, on every node alike. */
  static int shardOf(String entityId, int shards) {
    return Math.floorMod(entityId.hashCode(), shards);
  }

  /** The entity's actor; null where it does not run here, or its shard is to hear of it again. */
  @Nullable ActorRef<HostMessage> find(EntityKey entity) {
    Here here = hosts.get(entity);
    if (here == null) {
      return null;
    }
    long now = nanos.getAsLong();
    if (now - here.shardHeardNanos < hearNanos) {
      return here.host;
    }
    here.shardHeardNanos = now;
    return null;
  }
}
