package io.tandem.node.boot;

import akka.actor.typed.ActorSystem;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.tandem.node.edge.EdgeClock;
import io.tandem.node.edge.trunk.Vouching;
import io.tandem.node.entity.host.HostClock;
import io.tandem.node.entity.host.HostPorts;
import io.tandem.protocol.sip.transport.EdgeLoop;
import java.time.InstantSource;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * What a node is made of that a test may want otherwise: its clocks, and what stands between
 * entities.
 *
 * @param wall the wall clock
 * @param hostClock time as entities and jobs see it
 * @param edgeClock the clock of connected time
 * @param hosts changes what entities are given, for example to drop and double their messages
 * @param akka over Akka's configuration, for example another journal
 * @param certificates how those of callers' networks are fetched (TEL-12)
 */
public record NodeParts(
    InstantSource wall,
    BiFunction<ActorSystem<?>, InstantSource, HostClock> hostClock,
    BiFunction<EdgeLoop, InstantSource, EdgeClock> edgeClock,
    UnaryOperator<HostPorts> hosts,
    Config akka,
    Function<Node, Vouching.Fetch> certificates) {

  /** What a node is made of in earnest. */
  public static final NodeParts REAL =
      new NodeParts(
          InstantSource.system(),
          HostClock::real,
          EdgeClock::of,
          UnaryOperator.identity(),
          ConfigFactory.empty(),
          StirParts::fetching);

  /** With another clock of connected time. */
  public NodeParts withEdgeClock(BiFunction<EdgeLoop, InstantSource, EdgeClock> clock) {
    return new NodeParts(wall, hostClock, clock, hosts, akka, certificates);
  }

  /** With another clock for entities and jobs. */
  public NodeParts withHostClock(
      InstantSource wallClock, BiFunction<ActorSystem<?>, InstantSource, HostClock> clock) {
    return new NodeParts(wallClock, clock, edgeClock, hosts, akka, certificates);
  }

  /** With something between entities. */
  public NodeParts withHosts(UnaryOperator<HostPorts> with) {
    return new NodeParts(wall, hostClock, edgeClock, with, akka, certificates);
  }

  /** With something over Akka's configuration. */
  public NodeParts withAkka(Config over) {
    return new NodeParts(wall, hostClock, edgeClock, hosts, over, certificates);
  }

  /** With certificates from elsewhere. */
  public NodeParts withCertificates(Vouching.Fetch from) {
    return new NodeParts(wall, hostClock, edgeClock, hosts, akka, node -> from);
  }
}
