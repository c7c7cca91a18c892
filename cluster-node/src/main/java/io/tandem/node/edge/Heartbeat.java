package io.tandem.node.edge;

import io.tandem.node.edge.legs.EdgeTime;
import io.tandem.node.edge.legs.Legs;
import io.tandem.persistence.readmodel.EdgeHeartbeats;
import io.tandem.protocol.media.relay.Relay;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The edge's durable proof of life (QT-5): every 0.8 s, one small row that vouches for every call
 * it carries, except for those it names: a call that has been silent, and one that is over though
 * its call does not know yet.
 */
public final class Heartbeat implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Heartbeat.class);

  /** With the time that it takes to be written, less than a second is lost of who is killed. */
  private static final long PERIOD_MILLIS = 800;

  /** Without a packet for so long a call is named as silent: forty packets of 20 ms are missing. */
  private static final Duration SILENT = Duration.ofMillis(800);

  private final Edge edge;
  private final EdgeWorld world;
  private final EdgeHeartbeats store;
  private final LongSupplier mediaNanos;
  private final AtomicBoolean writing = new AtomicBoolean();
  private volatile boolean closed;

  /**
   * @param mediaNanos the clock the anchor times its packets with
   */
  public Heartbeat(Edge edge, EdgeWorld world, EdgeHeartbeats store, LongSupplier mediaNanos) {
    this.edge = edge;
    this.world = world;
    this.store = store;
    this.mediaNanos = mediaNanos;
  }

  /**
   * Writes the first beat, so that no call is ever carried by an edge nobody knows of; then one a
   * period.
   */
  public void start() {
    store.beat(beat(world.clock().now().wall(), Map.of()));
    schedule();
  }

  private void schedule() {
    var timer = edge.loop().schedule(PERIOD_MILLIS, this::tick);
    LOG.trace("next beat: {}", timer);
  }

  /**
   * On the loop: looks at every call; the row is written elsewhere, and one that takes long is not
   * overtaken.
   */
  private void tick() {
    if (closed) {
      return;
    }
    schedule();
    if (!writing.compareAndSet(false, true)) {
      world.meters().counter("tandem.edge.heartbeats", "outcome", "late").increment();
      return;
    }
    EdgeTime now = world.clock().now();
    EdgeHeartbeats.Beat beat = beat(now.wall(), exceptions(now));
    world
        .blocking()
        .execute(
            () -> {
              try {
                store.beat(beat);
                world.meters().counter("tandem.edge.heartbeats", "outcome", "written").increment();
              } catch (RuntimeException away) {
                world.meters().counter("tandem.edge.heartbeats", "outcome", "failed").increment();
                LOG.warn("the heartbeat could not be stored: {}", away.toString());
              } finally {
                writing.set(false);
              }
            });
  }

  private EdgeHeartbeats.Beat beat(Instant at, Map<String, BeatForm.Word> exceptions) {
    return new EdgeHeartbeats.Beat(
        edge.ref().name(), Long.toString(edge.ref().incarnation()), at, BeatForm.write(exceptions));
  }

  private Map<String, BeatForm.Word> exceptions(EdgeTime now) {
    Map<String, BeatForm.Word> exceptions = new LinkedHashMap<>();
    for (CallSession call : edge.calls()) {
      call.listen();
      Legs legs = call.legs();
      Legs.Bridge bridge = legs.bridge();
      if (legs.phase() == Legs.Phase.ENDED) {
        exceptions.put(call.callId(), new BeatForm.Word(true, call.endedAt()));
      } else if (bridge != null) {
        Instant lastMedia = lastMedia(call.relay(), bridge, now);
        if (Duration.between(lastMedia, now.wall()).compareTo(SILENT) > 0) {
          exceptions.put(call.callId(), new BeatForm.Word(false, lastMedia));
        }
      }
    }
    return exceptions;
  }

  /** Before any media, the bridge itself is the last that is known. */
  private Instant lastMedia(Relay relay, Legs.Bridge bridge, EdgeTime now) {
    long last = relay.lastPacketNanos();
    if (last == Relay.NEVER) {
      return bridge.since().wall();
    }
    Instant at = now.wall().minusNanos(mediaNanos.getAsLong() - last);
    return at.isBefore(bridge.since().wall()) ? bridge.since().wall() : at;
  }

  @Override
  public void close() {
    closed = true;
  }
}
