package io.tandem.node.entity.host;

import akka.actor.typed.ActorRef;
import io.tandem.node.entity.host.HostMessage.Deliver;
import io.tandem.node.entity.wire.EntityCodecs;

/**
 * All that hosts are given from outside, one for a node.
 *
 * @param clockId whose clock stamps the envelopes: node name and start, {@code n1@1763800000000}
 * @param line what a message for another entity goes through; {@link Line#DIRECT} but in tests
 * @param fences what this node knows of entities that it must not run
 * @param shown is told of every state that was stored here
 */
public record HostPorts(
    EntityCodecs codecs,
    HostClock clock,
    String clockId,
    EdgePort edges,
    Settling settling,
    HostWatch watch,
    HostSettings settings,
    Line line,
    Fences fences,
    Shown shown) {

  /** With nobody told of what was stored. */
  public HostPorts(
      EntityCodecs codecs,
      HostClock clock,
      String clockId,
      EdgePort edges,
      Settling settling,
      HostWatch watch,
      HostSettings settings,
      Line line,
      Fences fences) {
    this(codecs, clock, clockId, edges, settling, watch, settings, line, fences, Shown.TO_NOBODY);
  }

  /** Stands between a sender and a noun's region; a test drops and doubles here. */
  @FunctionalInterface
  public interface Line {
    /** Nothing in between. */
    Line DIRECT = (noun, region) -> region;

    /** What to send to instead of {@code region}. */
    ActorRef<Deliver> to(String noun, ActorRef<Deliver> region);
  }
}
