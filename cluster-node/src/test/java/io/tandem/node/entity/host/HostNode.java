package io.tandem.node.entity.host;

import akka.actor.BootstrapSetup;
import akka.actor.setup.ActorSystemSetup;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.Behaviors;
import akka.cluster.MemberStatus;
import akka.cluster.typed.Cluster;
import akka.cluster.typed.Join;
import akka.persistence.testkit.PersistenceTestKitPlugin;
import akka.persistence.testkit.PersistenceTestKitSnapshotPlugin;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.tandem.node.boot.AkkaConfig;
import io.tandem.node.entity.Command;
import io.tandem.node.entity.EntityKey;
import io.tandem.node.entity.EntityType;
import io.tandem.node.entity.Origin;
import io.tandem.node.entity.Reply;
import io.tandem.node.entity.wire.EntityCodecs;
import io.tandem.node.entity.wire.EntitySerializers;
import io.tandem.persistence.database.DatabaseSettings;
import io.tandem.persistence.journal.TimedId;
import io.tandem.persistence.journal.keys.AesGcmSealer;
import io.tandem.persistence.journal.keys.MemoryKeyStore;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * A node with nothing but its entities: its own actor system in a cluster of one, on a journal
 * given or in memory.
 */
public final class HostNode implements AutoCloseable {

  /** Where virtual time begins. */
  public static final Instant START = Instant.parse("2026-11-22T10:00:00Z");

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final ActorSystem<Void> system;
  private final EntityRuntime runtime;
  private final Recorder recorder;
  private final VirtualClock clock;
  private final HostPorts ports;

  private HostNode(
      Config config,
      EntityCodecs codecs,
      VirtualClock clock,
      UnaryOperator<HostPorts> with,
      Consumer<ActorSystem<?>> first) {
    this.clock = clock;
    this.recorder = new Recorder();
    this.system =
        ActorSystem.create(
            Behaviors.<Void>empty(),
            "tandem",
            ActorSystemSetup.create(BootstrapSetup.create(config), EntitySerializers.of(codecs)));
    this.ports =
        with.apply(
            new HostPorts(
                codecs,
                clock,
                "n1@" + clock.instant().toEpochMilli(),
                recorder,
                recorder,
                recorder,
                HostSettings.DEFAULT,
                HostPorts.Line.DIRECT,
                new Fences()));
    Cluster cluster = Cluster.get(system);
    cluster.manager().tell(Join.create(cluster.selfMember().address()));
    await("the node is up", () -> cluster.selfMember().status() == MemberStatus.up());
    first.accept(system);
    this.runtime = EntityRuntime.start(system, ports, Optional.empty());
  }

  /** With a journal in memory that can be told to fail. */
  public static HostNode inMemory(EntityType<?, ?, ?, ?> type) {
    return inMemory(type, ports -> ports);
  }

  /** As {@link #inMemory(EntityType)}, with other ports. */
  public static HostNode inMemory(EntityType<?, ?, ?, ?> type, UnaryOperator<HostPorts> with) {
    return inMemory(type, with, system -> {});
  }

  /** As above; {@code first} is run before any entity is. */
  public static HostNode inMemory(
      EntityType<?, ?, ?, ?> type, UnaryOperator<HostPorts> with, Consumer<ActorSystem<?>> first) {
    Config journal =
        ConfigFactory.parseString(
                """
                akka.persistence.journal.auto-start-journals = []
                akka.persistence.snapshot-store.auto-start-snapshot-stores = []
                akka.persistence.testkit.snapshotstore.pluginid.snapshot-is-optional = true
                """)
            .withFallback(PersistenceTestKitPlugin.getInstance().config())
            .withFallback(PersistenceTestKitSnapshotPlugin.config());
    VirtualClock clock = new VirtualClock(START);
    DatabaseSettings none = new DatabaseSettings("jdbc:h2:mem:none", "sa", "");
    return new HostNode(
        journal.withFallback(config(none)), codecs(type, clock), clock, with, first);
  }

  /** On a database that has been migrated, with a clock that may go on from another life. */
  public static HostNode on(
      DatabaseSettings database,
      EntityType<?, ?, ?, ?> type,
      VirtualClock clock,
      UnaryOperator<HostPorts> with) {
    return new HostNode(config(database), codecs(type, clock), clock, with, system -> {});
  }

  /** The same ports, settling elsewhere. */
  public static HostPorts settling(HostPorts ports, Settling settling) {
    return new HostPorts(
        ports.codecs(),
        ports.clock(),
        ports.clockId(),
        ports.edges(),
        settling,
        ports.watch(),
        ports.settings(),
        ports.line(),
        ports.fences());
  }

  /** The same ports, with something in between. */
  public static HostPorts line(HostPorts ports, HostPorts.Line line) {
    return new HostPorts(
        ports.codecs(),
        ports.clock(),
        ports.clockId(),
        ports.edges(),
        ports.settling(),
        ports.watch(),
        ports.settings(),
        line,
        ports.fences());
  }

  /** The same ports with other limits. */
  public static HostPorts settings(HostPorts ports, HostSettings settings) {
    return new HostPorts(
        ports.codecs(),
        ports.clock(),
        ports.clockId(),
        ports.edges(),
        ports.settling(),
        ports.watch(),
        settings,
        ports.line(),
        ports.fences());
  }

  /** Several nouns on a database that has been migrated. */
  public static HostNode on(
      DatabaseSettings database, List<EntityType<?, ?, ?, ?>> types, VirtualClock clock) {
    return new HostNode(
        config(database), codecs(types, clock), clock, ports -> ports, system -> {});
  }

  private static EntityCodecs codecs(EntityType<?, ?, ?, ?> type, VirtualClock clock) {
    return codecs(List.of(type), clock);
  }

  private static EntityCodecs codecs(List<EntityType<?, ?, ?, ?>> types, VirtualClock clock) {
    return EntityCodecs.of(types, List.of(), new AesGcmSealer(new MemoryKeyStore(), clock));
  }

  /** Every local message goes through its serializer too. */
  private static Config config(DatabaseSettings database) {
    return ConfigFactory.parseString("akka.actor.serialize-messages = on")
        .withFallback(
            new AkkaConfig(
                    "tandem",
                    "127.0.0.1",
                    0,
                    List.of(),
                    Set.of("control"),
                    Duration.ofMinutes(5),
                    database)
                .config());
  }

  public ActorSystem<Void> system() {
    return system;
  }

  public EntityRuntime runtime() {
    return runtime;
  }

  /** What this node's hosts were seen to do. */
  public Recorder seen() {
    return recorder;
  }

  public VirtualClock clock() {
    return clock;
  }

  public HostPorts ports() {
    return ports;
  }

  /** Asks under a fresh command id and waits. */
  public Reply ask(EntityKey key, Command command) {
    return ask(key, command, TimedId.at("cmd", clock.instant()));
  }

  /** Asks under a given command id and waits; throws what the gateway fails with. */
  public Reply ask(EntityKey key, Command command, String commandId) {
    Origin origin = new Origin(commandId, "test", "tester");
    return waitFor(runtime.gateway().ask(key, command, origin).toCompletableFuture());
  }

  /** The result, or what it failed with. */
  public static <T> T waitFor(java.util.concurrent.CompletableFuture<T> future) {
    try {
      return future.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    } catch (ExecutionException | CompletionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new IllegalStateException(e);
    } catch (TimeoutException e) {
      throw new AssertionError("no answer within " + PATIENCE, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Waits until it is so; the time it may take is patience, not a promise. */
  public static void await(String what, BooleanSupplier condition) {
    long until = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > until) {
        throw new AssertionError("in vain: " + what);
      }
      java.util.concurrent.locks.LockSupport.parkNanos(2_000_000);
    }
  }

  @Override
  public void close() {
    runtime.close();
    system.terminate();
    waitFor(system.getWhenTerminated().toCompletableFuture());
  }
}
