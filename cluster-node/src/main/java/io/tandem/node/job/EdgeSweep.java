package io.tandem.node.job;

import io.tandem.node.call.CallCommand;
import io.tandem.node.edge.BeatForm;
import io.tandem.node.entity.EntityGateway;
import io.tandem.node.entity.EntityKey;
import io.tandem.node.entity.Origin;
import io.tandem.persistence.call.EdgeRef;
import io.tandem.persistence.call.ProofOfLife;
import io.tandem.persistence.readmodel.CallIndex;
import io.tandem.persistence.readmodel.EdgeHeartbeats;
import io.tandem.persistence.readmodel.EdgeHeartbeats.Beat;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the calls of edges that died and tells each what is the last proof of its life (QT-5).
 * Needs no traffic and no clock of another node: an edge is dead when its heartbeat has not changed
 * for a while by this sweep's own monotonic clock, or when an edge of the same name has started
 * after it. Driven by its caller, one {@link #step} after the other.
 */
public final class EdgeSweep {
  private static final Logger LOG = LoggerFactory.getLogger(EdgeSweep.class);
  private static final int CALLS_A_STEP = 500;

  /** Steps come once a second; longer without one means that the database could not be read. */
  private static final Duration BLIND = Duration.ofSeconds(4);

  /** A dead edge's row is kept for as long as its calls might still come up the feed. */
  private static final Duration KEPT = Duration.ofDays(1);

  private record Seen(Instant at, long sinceNanos) {}

  private final EdgeHeartbeats heartbeats;
  private final CallIndex calls;
  private final EntityGateway gateway;
  private final Duration deadAfter;
  private final LongSupplier nanos;
  private final Map<EdgeRef, Seen> seen = new HashMap<>();
  private long lastLookNanos;

  /**
   * @param deadAfter {@code tandem.edge.dead-after}
   * @param nanos a monotonic clock
   */
  public EdgeSweep(
      EdgeHeartbeats heartbeats,
      CallIndex calls,
      EntityGateway gateway,
      Duration deadAfter,
      LongSupplier nanos) {
    this.heartbeats = heartbeats;
    this.calls = calls;
    this.gateway = gateway;
    this.deadAfter = deadAfter;
    this.nanos = nanos;
  }

  /**
   * Looks once; gives how many calls were told. A call that could not be told is told by the next
   * step.
   *
   * @param wall for the age of rows that may go
   */
  public int step(Instant wall) {
    List<Beat> beats = heartbeats.all();
    forgetAfterBlindness();
    Map<String, Long> newest =
        beats.stream()
            .collect(Collectors.toMap(Beat::edgeId, b -> edge(b).incarnation(), Math::max));
    Set<EdgeRef> present = beats.stream().map(EdgeSweep::edge).collect(Collectors.toSet());
    seen.keySet().retainAll(present);
    int told = 0;
    for (Beat beat : beats) {
      EdgeRef edge = edge(beat);
      boolean succeeded =
          newest.getOrDefault(beat.edgeId(), edge.incarnation()) > edge.incarnation();
      if (succeeded || isSilent(edge, beat.at())) {
        told += tell(edge, beat, wall);
      }
    }
    return told;
  }

  /**
   * While the database was away nobody could beat and nobody could look: silence is counted anew
   * (OPS-9).
   */
  private void forgetAfterBlindness() {
    long now = nanos.getAsLong();
    if (now - lastLookNanos > BLIND.toNanos()) {
      seen.clear();
    }
    lastLookNanos = now;
  }

  private boolean isSilent(EdgeRef edge, Instant at) {
    long now = nanos.getAsLong();
    Seen before = seen.get(edge);
    if (before == null || !before.at().equals(at)) {
      seen.put(edge, new Seen(at, now));
      return false;
    }
    return now - before.sinceNanos() >= deadAfter.toNanos();
  }

  private int tell(EdgeRef edge, Beat beat, Instant wall) {
    List<String> running = calls.runningOn(edge.toString(), CALLS_A_STEP);
    if (running.isEmpty()) {
      if (beat.at().plus(KEPT).isBefore(wall)) {
        heartbeats.forget(beat.edgeId(), beat.incarnation());
      }
      return 0;
    }
    Map<String, BeatForm.Word> words = BeatForm.read(beat.calls());
    for (String callId : running) {
      BeatForm.Word word = words.get(callId);
      Instant last = word == null || word.since().isAfter(beat.at()) ? beat.at() : word.since();
      ProofOfLife proof = new ProofOfLife(edge, beat.at(), last);
      var unused =
          gateway
              .ask(
                  new EntityKey("call", callId),
                  new CallCommand.EdgeLost(proof),
                  new Origin(callId + "/sweep/" + edge, "heartbeat " + beat.at(), "sweep"))
              .whenComplete(
                  (reply, failure) ->
                      LOG.info(
                          "call {}: its edge {} died: {}",
                          callId,
                          edge,
                          failure == null ? reply : failure));
    }
    return running.size();
  }

  private static EdgeRef edge(Beat beat) {
    return new EdgeRef(beat.edgeId(), Long.parseLong(beat.incarnation()));
  }
}
