package io.tandem.node.boot;

import akka.actor.BootstrapSetup;
import akka.actor.setup.ActorSystemSetup;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.Adapter;
import akka.actor.typed.javadsl.Behaviors;
import akka.cluster.MemberStatus;
import akka.cluster.typed.Cluster;
import akka.cluster.typed.Join;
import akka.cluster.typed.Leave;
import com.typesafe.config.Config;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.tandem.node.boot.Settings.Role;
import io.tandem.node.directory.Directory;
import io.tandem.node.edge.EdgeLines;
import io.tandem.node.entity.EntityGateway;
import io.tandem.node.entity.host.EntityRuntime;
import io.tandem.node.entity.host.Fences;
import io.tandem.node.entity.host.HostClock;
import io.tandem.node.entity.host.HostPorts;
import io.tandem.node.entity.host.HostSettings;
import io.tandem.node.entity.host.MeteredWatch;
import io.tandem.node.entity.wire.EntityCodecs;
import io.tandem.node.entity.wire.EntitySerializers;
import io.tandem.node.job.Bell;
import io.tandem.node.job.Settlements;
import io.tandem.node.security.SecurityDesk;
import io.tandem.node.security.SecuritySettings;
import io.tandem.persistence.journal.keys.AesGcmSealer;
import io.tandem.persistence.readmodel.DueIndex;
import io.tandem.persistence.repair.SignedSupersessions;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A node, running. The parts are started one after the other, each knowing only those before it,
 * and closed the other way round: databases, actor system and entities, directory and jobs, then
 * the edge and HTTP that let the world in.
 */
public final class Node implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Node.class);
  private static final String SYSTEM = "tandem";
  private static final Duration JOIN_MAX = Duration.ofSeconds(40);
  private static final Duration STOP_MAX = Duration.ofSeconds(15);

  private final Settings settings;
  private final NodeParts parts;
  private final Instant startedAt;
  private final PrometheusMeterRegistry meters =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final ExecutorService blocking = Executors.newVirtualThreadPerTaskExecutor();
  private final Deque<AutoCloseable> open = new ArrayDeque<>();
  private final NodeSecrets secrets;
  private final Stores stores;
  private final EntityCodecs codecs;
  private final ActorSystem<Void> system;
  private final EntityRuntime runtime;
  private final HostClock clock;
  private final Directory directory = new Directory();
  private final Bell stored = new Bell();
  private final SecurityDesk security;
  private final @Nullable EdgeFront edge;
  private final @Nullable HttpFront http;
  private volatile boolean ready;

  private Node(Settings settings, NodeParts parts) {
    this.settings = settings;
    this.parts = parts;
    this.startedAt = parts.wall().instant();
    try {
      secrets = NodeSecrets.of(settings);
      stores = keep(Stores.open(settings, secrets, incarnation(), parts.wall()));
      codecs =
          EntityCodecs.of(
              Nouns.of(settings),
              Nouns.upcasters(),
              new AesGcmSealer(stores.keys(), parts.wall()),
              SignedSupersessions.open(stores.journal(), secrets.signing().verifying()));
      system = startSystem();
      open.push(this::stopSystem);
      clock = parts.hostClock().apply(system, parts.wall());
      EdgeLines lines = new EdgeLines(system);
      runtime =
          keep(EntityRuntime.start(system, parts.hosts().apply(hostPorts(lines)), controlRole()));
      keep(Jobs.start(this));
      security = keep(securityDesk());
      edge = settings.has(Role.EDGE) ? keep(EdgeFront.start(this, lines)) : null;
      http = settings.has(Role.API) ? keep(HttpFront.start(this)) : null;
      ready = true;
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  /**
   * Starts a node and returns when it can be used.
   *
   * @throws CannotStart for a reason a person can mend: a busy port, a database that is away or
   *     newer, a wrong key
   */
  public static Node start(Settings settings) {
    return new Node(settings, NodeParts.REAL);
  }

  /** The same, made of other parts. */
  public static Node start(Settings settings, NodeParts parts) {
    return new Node(settings, parts);
  }

  private ActorSystem<Void> startSystem() {
    Set<String> roles =
        settings.roles().stream()
            .map(r -> r.name().toLowerCase(Locale.ROOT))
            .collect(Collectors.toSet());
    Settings.Cluster cluster = settings.cluster();
    Config config =
        parts
            .akka()
            .withFallback(
                new AkkaConfig(
                        SYSTEM,
                        cluster.host(),
                        cluster.port(),
                        cluster.seeds(),
                        roles,
                        cluster.idle(),
                        Stores.journalOf(settings))
                    .config());
    try {
      ActorSystem<Void> started =
          ActorSystem.create(
              Behaviors.<Void>empty(),
              SYSTEM,
              ActorSystemSetup.create(BootstrapSetup.create(config), EntitySerializers.of(codecs)));
      joinCluster(started);
      return started;
    } catch (RuntimeException e) {
      throw new CannotStart(
          "tandem.cluster: the node cannot listen on "
              + cluster.host()
              + ":"
              + cluster.port()
              + " or join "
              + (cluster.seeds().isEmpty() ? "itself" : cluster.seeds())
              + ": "
              + e.getMessage(),
          e);
    }
  }

  private void joinCluster(ActorSystem<Void> started) {
    Cluster cluster = Cluster.get(started);
    if (settings.cluster().seeds().isEmpty()) {
      cluster.manager().tell(Join.create(cluster.selfMember().address()));
    }
    long until = System.nanoTime() + JOIN_MAX.toNanos();
    while (!cluster.selfMember().status().equals(MemberStatus.up())) {
      if (System.nanoTime() > until) {
        started.terminate();
        throw new IllegalStateException(
            "no cluster was joined within " + JOIN_MAX.toSeconds() + " s");
      }
      java.util.concurrent.locks.LockSupport.parkNanos(10_000_000);
    }
  }

  private HostPorts hostPorts(EdgeLines lines) {
    DueIndex due = new DueIndex(stores.journal());
    Settlements settlements =
        new Settlements(
            due, task -> clock.after(Duration.ofSeconds(3), () -> blocking.execute(task)));
    HostSettings standard = HostSettings.DEFAULT;
    return new HostPorts(
        codecs,
        clock,
        incarnation(),
        lines,
        settlements,
        new MeteredWatch(meters, stored::ring),
        new HostSettings(
            settings.cluster().shards(),
            standard.batchMax(),
            standard.bufferMax(),
            standard.window(),
            standard.resend(),
            standard.repairAfter(),
            standard.fenceTime(),
            standard.askTimeout()),
        HostPorts.Line.DIRECT,
        new Fences(),
        (entity, sequence, state) -> directory.accept(entity.type(), entity.id(), sequence, state));
  }

  /** Whom the doors tell what befalls them. */
  private SecurityDesk securityDesk() {
    Settings.Security wanted = settings.security();
    SecurityDesk desk =
        new SecurityDesk(
            runtime.gateway(),
            clock,
            new SecuritySettings(wanted.window(), wanted.loginFailures(), wanted.sources()),
            "node/" + incarnation(),
            (delay, task) -> clock.after(delay, () -> blocking.execute(task)),
            meters);
    desk.start();
    return desk;
  }

  /** Entities run where the control role is. */
  private static Optional<String> controlRole() {
    return Optional.of("control");
  }

  /** This node in this life: {@code n1@1795363200123}. */
  String incarnation() {
    return settings.name() + "@" + startedAt.toEpochMilli();
  }

  Instant startedAt() {
    return startedAt;
  }

  Settings settings() {
    return settings;
  }

  NodeParts parts() {
    return parts;
  }

  NodeSecrets secrets() {
    return secrets;
  }

  HostClock clock() {
    return clock;
  }

  ExecutorService blocking() {
    return blocking;
  }

  /** The databases. */
  public Stores stores() {
    return stores;
  }

  /** The nouns and how they are written. */
  public EntityCodecs codecs() {
    return codecs;
  }

  /** The actor system. */
  public ActorSystem<Void> system() {
    return system;
  }

  SecurityDesk security() {
    return security;
  }

  /** The entities of the cluster, from here. */
  public EntityRuntime runtime() {
    return runtime;
  }

  /** The way to entities. */
  public EntityGateway gateway() {
    return runtime.gateway();
  }

  /** What this node knows without asking. */
  public Directory directory() {
    return directory;
  }

  /** Rings when this node has stored events. */
  Bell stored() {
    return stored;
  }

  /** Everything that is counted here. */
  public PrometheusMeterRegistry meters() {
    return meters;
  }

  /** The token that HTTP takes for the operator's. */
  public String operatorToken() {
    return secrets.operatorToken();
  }

  /** The SIP and media front end, where this node has one. */
  public Optional<EdgeFront> edge() {
    return Optional.ofNullable(edge);
  }

  /** The HTTP front end, where this node has one. */
  public Optional<HttpFront> http() {
    return Optional.ofNullable(http);
  }

  /** Its address for other nodes, {@code host:port}. */
  public String clusterAddress() {
    return Cluster.get(system).selfMember().address().hostPort().replaceFirst("^.*@", "");
  }

  /** Why the node cannot be used just now; empty when it can. For the readiness probe. */
  public Optional<String> notReady() {
    if (!ready) {
      return Optional.of("starting or stopping");
    }
    EdgeFront front = edge;
    if (front != null && !front.anchor().carries()) {
      return Optional.of("a media thread has ended");
    }
    return Cluster.get(system).selfMember().status().equals(MemberStatus.up())
        ? Optional.empty()
        : Optional.of("not up in the cluster");
  }

  /** Milliseconds since the JVM began. */
  public static long sinceJvmStartMillis() {
    return ManagementFactory.getRuntimeMXBean().getUptime();
  }

  private <T extends AutoCloseable> T keep(T part) {
    open.push(part);
    return part;
  }

  private void stopSystem() {
    Cluster cluster = Cluster.get(system);
    cluster.manager().tell(new Leave(cluster.selfMember().address()));
    akka.actor.CoordinatedShutdown.get(Adapter.toClassic(system))
        .runAll(akka.actor.CoordinatedShutdown.unknownReason());
    try {
      var unused =
          system
              .getWhenTerminated()
              .toCompletableFuture()
              .get(STOP_MAX.toSeconds(), TimeUnit.SECONDS);
    } catch (TimeoutException | java.util.concurrent.ExecutionException e) {
      LOG.warn("the actor system did not stop in {} s", STOP_MAX.toSeconds());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Closes everything, the front ends first. What fails to close is logged and the rest is closed
   * all the same.
   */
  @Override
  public void close() {
    ready = false;
    while (!open.isEmpty()) {
      try {
        open.pop().close();
      } catch (Exception e) {
        LOG.warn("a part of the node did not close", e);
      }
    }
    blocking.shutdown();
  }
}
