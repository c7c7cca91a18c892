package io.tandem.node.entity.host;

import akka.actor.typed.ActorRef;
import io.tandem.node.entity.EntityKey;
import java.time.Duration;
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
  private final long hearNanos;
  private final LongSupplier nanos;

  /**
   * Nobody runs here yet.
   *
   * @param hear how long a shard may go without hearing of an entity that is asked
   * @param nanos a clock that only goes on, {@code System::nanoTime}
   */
  HostsHere(Duration hear, LongSupplier nanos) {
    this.hearNanos = hear.toNanos();
    this.nanos = nanos;
  }

  void runs(EntityKey entity, ActorRef<HostMessage> host) {
    hosts.put(entity, new Here(host, nanos.getAsLong()));
  }

  void leaves(EntityKey entity, ActorRef<HostMessage> host) {
    hosts.computeIfPresent(entity, (key, here) -> here.host.equals(host) ? null : here);
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
