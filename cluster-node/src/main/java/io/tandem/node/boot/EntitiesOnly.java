package io.tandem.node.boot;

import akka.actor.BootstrapSetup;
import akka.actor.setup.ActorSystemSetup;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.Behaviors;
import akka.cluster.typed.Cluster;
import akka.cluster.typed.Join;
import com.typesafe.config.Config;
import io.tandem.node.entity.EntityGateway;
import io.tandem.node.entity.EntityType;
import io.tandem.node.entity.host.EntityRuntime;
import io.tandem.node.entity.host.Fences;
import io.tandem.node.entity.host.HostClock;
import io.tandem.node.entity.host.HostPorts;
import io.tandem.node.entity.host.HostSettings;
import io.tandem.node.entity.host.HostWatch;
import io.tandem.node.entity.wire.EntityCodecs;
import io.tandem.node.entity.wire.EntitySerializers;
import io.tandem.persistence.journal.PersonalSealer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A node with nothing but entities: no edge, no HTTP, no jobs. For benchmarks and tools that need
 * the hosts as they are in a node and nothing beside them.
 */
public final class EntitiesOnly implements AutoCloseable {

  private static final Duration STOP_MAX = Duration.ofSeconds(30);

  private final ActorSystem<Void> system;
  private final EntityRuntime runtime;

  private EntitiesOnly(ActorSystem<Void> system, EntityRuntime runtime) {
    this.system = system;
    this.runtime = runtime;
  }

  /** Starts the nouns on a migrated database, in a cluster of one. */
  public static EntitiesOnly start(
      AkkaConfig config,
      List<EntityType<?, ?, ?, ?>> types,
      PersonalSealer sealer,
      HostSettings settings,
      HostWatch watch) {
    return start(config.system(), config.config(), types, sealer, settings, watch);
  }

  /** As above, with a configuration that differs from a node's. */
  public static EntitiesOnly start(
      String name,
      Config config,
      List<EntityType<?, ?, ?, ?>> types,
      PersonalSealer sealer,
      HostSettings settings,
      HostWatch watch) {
    EntityCodecs codecs = EntityCodecs.of(types, Nouns.upcasters(), sealer);
    ActorSystem<Void> system =
        ActorSystem.create(
            Behaviors.<Void>empty(),
            name,
            ActorSystemSetup.create(BootstrapSetup.create(config), EntitySerializers.of(codecs)));
    Cluster cluster = Cluster.get(system);
    cluster.manager().tell(Join.create(cluster.selfMember().address()));
    InstantSource wall = InstantSource.system();
    HostPorts ports =
        new HostPorts(
            codecs,
            HostClock.real(system, wall),
            name + "@" + wall.millis(),
            (edge, effectId, signal, taken) -> {},
            (entity, sequence) -> {},
            watch,
            settings,
            HostPorts.Line.DIRECT,
            new Fences());
    return new EntitiesOnly(system, EntityRuntime.start(system, ports, Optional.empty()));
  }

  /** The way to the entities. */
  public EntityGateway gateway() {
    return runtime.gateway();
  }

  @Override
  public void close() {
    runtime.close();
    system.terminate();
    var ended =
        system
            .getWhenTerminated()
            .toCompletableFuture()
            .completeOnTimeout(null, STOP_MAX.toSeconds(), TimeUnit.SECONDS);
    ended.join();
  }
}
