package io.tandem.node.entity.host;

import akka.actor.DeadLetter;
import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.Behavior;
import akka.actor.typed.Props;
import akka.actor.typed.eventstream.EventStream;
import akka.actor.typed.javadsl.Behaviors;
import akka.cluster.sharding.typed.ShardingMessageExtractor;
import akka.cluster.sharding.typed.javadsl.ClusterSharding;
import akka.cluster.sharding.typed.javadsl.Entity;
import akka.cluster.sharding.typed.javadsl.EntityTypeKey;
import io.tandem.node.entity.Command;
import io.tandem.node.entity.EntityGateway;
import io.tandem.node.entity.EntityKey;
import io.tandem.node.entity.EntityType;
import io.tandem.node.entity.Origin;
import io.tandem.node.entity.Reply;
import io.tandem.node.entity.host.HostMessage.Deliver;
import io.tandem.node.entity.host.HostMessage.Nudge;
import io.tandem.node.entity.host.HostMessage.Refused;
import io.tandem.node.entity.host.HostMessage.Request;
import io.tandem.node.entity.host.HostMessage.Why;
import io.tandem.persistence.journal.DomainEvent;
import io.tandem.persistence.journal.DomainState;
import io.tandem.persistence.journal.TimedId;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All nouns of a node, running: a shard region each, and the gateway to them.
 *
 * <p>The actor system must have been made with {@code EntitySerializers} over the same codecs, and
 * have joined a cluster or be about to.
 */
public final class EntityRuntime implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(EntityRuntime.class);
  private static final String IDLE =
      "akka.cluster.sharding.passivation.default-idle-strategy.idle-entity.timeout";

  private final ActorSystem<?> system;
  private final HostClock clock;
  private final Map<String, ActorRef<Deliver>> lines = new HashMap<>();
  private final Map<String, Command> wakes = new HashMap<>();
  private final HostsHere here;
  private final boolean direct;
  private final HostLines hostLines = new HostLines();
  private final ShardedGateway gateway;

  @SuppressWarnings("ReferenceEquality") // the one line that is none
  private EntityRuntime(ActorSystem<?> system, HostPorts ports) {
    this.system = system;
    this.clock = ports.clock();
    this.here =
        new HostsHere(
            system.settings().config().getDuration(IDLE).dividedBy(4),
            ports.settings().shards(),
            System::nanoTime);
    this.direct = ports.line() == HostPorts.Line.DIRECT;
    this.gateway = new ShardedGateway(system, here, this::line, ports);
  }

  /**
   * Starts every noun of {@code ports.codecs()}; entities run on nodes with {@code role}, elsewhere
   * this is the way to them.
   */
  public static EntityRuntime start(ActorSystem<?> system, HostPorts ports, Optional<String> role) {
    EntityRuntime runtime = new EntityRuntime(system, ports);
    ActorRef<DeadLetter> returned =
        system.systemActorOf(
            Behaviors.receiveMessage(EntityRuntime::returned), "returned", Props.empty());
    system.eventStream().tell(new EventStream.Subscribe<>(DeadLetter.class, returned));
    ports.codecs().types().forEach(type -> runtime.start(type, ports, role));
    return runtime;
  }

  /** The way to entities for everyone who is not one. */
  public EntityGateway gateway() {
    return gateway;
  }

  /**
   * Sends a command to its entity; to a noun that is not there it is refused. For jobs that want no
   * answer.
   */
  public void carry(Deliver message) {
    ActorRef<HostMessage> host = here.find(message.target());
    if (host != null) {
      host.tell(message);
      return;
    }
    ActorRef<Deliver> line = lines.get(message.target().type());
    if (line == null) {
      message.replyTo().tell(new Refused(message.origin().commandId(), Why.FAULT));
    } else {
      line.tell(message);
    }
  }

  /** As hosts see it. */
  private final class HostLines implements EntityHost.Lines {
    @Override
    public void carry(Deliver message) {
      EntityRuntime.this.carry(message);
    }

    @Override
    public void runs(EntityKey entity, ActorRef<HostMessage> host) {
      if (direct) {
        here.runs(entity, host);
      }
    }

    @Override
    public void leaves(EntityKey entity, ActorRef<HostMessage> host) {
      here.leaves(entity, host);
    }
  }

  /** What came too late for an entity that has ended is refused, so that it is asked again soon. */
  private static Behavior<DeadLetter> returned(DeadLetter letter) {
    if (letter.message() instanceof Request request) {
      request.answer(new Refused(request.origin().commandId(), Why.STOPPED));
    }
    return Behaviors.same();
  }

  /** Ends every {@code attest} that still goes on; entities stop with the actor system. */
  @Override
  public void close() {
    gateway.close();
  }

  /**
   * What time itself says to an entity: the wake command of its noun; the answer interests nobody.
   * One of an unknown noun is left asleep.
   */
  public void wake(EntityKey key) {
    Command wake = wakes.get(key.type());
    if (wake == null) {
      LOG.warn("{} is due and this build does not know its noun", key);
    } else {
      Origin origin = new Origin(TimedId.at("wake", clock.instant()), "due-index", "clock");
      carry(new Deliver(key, wake, origin, system.ignoreRef()));
    }
  }

  private Optional<ActorRef<Deliver>> line(String noun) {
    return Optional.ofNullable(lines.get(noun));
  }

  private <C extends Command, R extends Reply, E extends DomainEvent, S extends DomainState<S, E>>
      void start(EntityType<C, R, E, S> type, HostPorts ports, Optional<String> role) {
    EntityTypeKey<HostMessage> key = EntityTypeKey.create(HostMessage.class, type.name());
    Entity<HostMessage, Deliver> entity =
        Entity.of(
                key,
                context ->
                    EntityHost.of(
                        type,
                        context.getEntityId(),
                        ports,
                        hostLines,
                        self -> context.getShard().tell(new ClusterSharding.Passivate<>(self))))
            .withStopMessage(Nudge.STOP)
            .withMessageExtractor(new ByTarget(ports.settings().shards()));
    ActorRef<Deliver> region =
        ClusterSharding.get(system).init(role.map(entity::withRole).orElse(entity));
    wakes.put(type.name(), type.rules().wake());
    lines.put(type.name(), ports.line().to(type.name(), region));
  }

  /**
   * A message goes to the entity it names; the shard follows from the id alone, on every node
   * alike.
   */
  private static final class ByTarget extends ShardingMessageExtractor<Deliver, HostMessage> {
    private final String[] shards;

    ByTarget(int shards) {
      this.shards = new String[shards];
      Arrays.setAll(this.shards, Integer::toString);
    }

    @Override
    public String entityId(Deliver message) {
      return message.target().id();
    }

    @Override
    public String shardId(String entityId) {
      return shards[HostsHere.shardOf(entityId, shards.length)];
    }

    @Override
    public HostMessage unwrapMessage(Deliver message) {
      return message;
    }
  }
}
