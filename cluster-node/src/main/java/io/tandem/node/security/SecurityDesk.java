package io.tandem.node.security;

import io.micrometer.core.instrument.MeterRegistry;
import io.tandem.node.entity.EntityGateway;
import io.tandem.node.entity.Origin;
import io.tandem.node.entity.Reply;
import io.tandem.persistence.journal.TimedId;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whom the front ends of a node tell what befalls them; it tells the logs, once a second, and again
 * until they have it. What it has not told when the node is killed is lost: a second's, and the
 * counts of running windows. Thread-safe; nobody who tells it waits.
 */
public final class SecurityDesk implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SecurityDesk.class);
  private static final Duration PACE = Duration.ofSeconds(1);

  /** Told and not yet taken: while the database is away, more are dropped and counted. */
  private static final int WAITING_MAX = 2_000;

  private static final int ASKED_AT_ONCE = 50;

  private record Telling(Sightings.Due due, Origin origin) {}

  private final EntityGateway gateway;
  private final InstantSource clock;
  private final SecuritySettings settings;
  private final String actor;
  private final BiConsumer<Duration, Runnable> later;
  private final MeterRegistry meters;
  private final Sightings sightings;
  private final Deque<Telling> waiting = new ArrayDeque<>();
  private int asked;
  private boolean closed;

  /**
   * @param actor who tells, as the journal names actors
   * @param later runs something after a while
   */
  public SecurityDesk(
      EntityGateway gateway,
      InstantSource clock,
      SecuritySettings settings,
      String actor,
      BiConsumer<Duration, Runnable> later,
      MeterRegistry meters) {
    this.gateway = gateway;
    this.clock = clock;
    this.settings = settings;
    this.actor = actor;
    this.later = later;
    this.meters = meters;
    this.sightings = new Sightings(settings);
  }

  /** Begins. */
  public void start() {
    later.accept(PACE, this::tick);
  }

  /** So many wrong passwords or tokens from one source are told of. */
  public int loginFailures() {
    return settings.loginFailures();
  }

  /** Something befell a door. */
  public synchronized void saw(Sighting sighting) {
    sightings.saw(sighting, clock.instant());
  }

  private void tick() {
    List<Telling> now = new ArrayList<>();
    synchronized (this) {
      if (closed) {
        return;
      }
      sightings.due(clock.instant()).forEach(due -> await(new Telling(due, origin(due))));
      for (Telling next; asked < ASKED_AT_ONCE && (next = waiting.poll()) != null; asked++) {
        now.add(next);
      }
    }
    now.forEach(this::tell);
    start();
  }

  private Origin origin(Sightings.Due due) {
    String id = due.commandId();
    return new Origin(id == null ? TimedId.at("sighting", clock.instant()) : id, "sighting", actor);
  }

  /** Guarded by this. */
  private void await(Telling telling) {
    if (waiting.size() < WAITING_MAX) {
      waiting.add(telling);
    } else {
      meters.counter("tandem.security.untold").increment();
    }
  }

  private void tell(Telling telling) {
    Sightings.Due due = telling.due();
    var unused =
        gateway
            .ask(due.log(), due.command(), telling.origin())
            .whenComplete((reply, failure) -> told(telling, reply, failure));
  }

  private synchronized void told(
      Telling telling, @Nullable Reply reply, @Nullable Throwable failure) {
    asked--;
    if (failure != null) {
      LOG.debug("a log of security events gives no answer: {}", failure.toString());
      await(telling);
    } else if (reply instanceof SecurityReply.Invalid invalid) {
      LOG.error("a log of security events refuses {}: {}", telling.due().log(), invalid.field());
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
  }
}
