package io.tandem.node.system;

import com.typesafe.config.ConfigFactory;
import io.tandem.node.boot.Node;
import io.tandem.node.boot.NodeParts;
import io.tandem.node.boot.Settings;
import io.tandem.persistence.call.CallState;
import io.tandem.persistence.campaign.CampaignTerms;
import io.tandem.persistence.money.Money;
import io.tandem.protocol.sip.ua.CallMedia;
import io.tandem.protocol.sip.ua.UaCall;
import java.nio.file.Path;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.UnaryOperator;

/** A node with a market on it and phones around it; connected time stands in the test's hand. */
final class Exchange implements AutoCloseable {
  /** The qualifying timer of the vertical. */
  static final long TIMER_MILLIS = 90_000;

  /** Its price. */
  static final Money PRICE = Money.ofUnits(25, "USD");

  private static final int PORTS = 600;

  private final VirtualEdge edge = new VirtualEdge();
  private final Node node;
  private final Market market;
  private final Telephones phones;

  private Exchange(Settings settings, UnaryOperator<NodeParts> parts, CampaignTerms terms) {
    node = Node.start(settings, parts.apply(NodeParts.REAL.withEdgeClock(edge::on)));
    market = new Market(node, TIMER_MILLIS, PRICE, terms);
    phones = new Telephones(node.edge().orElseThrow().sipAddress());
  }

  /** On H2 in a directory, agents rung one after the other. */
  static Exchange open(Path directory) {
    return open(directory, Market.oneByOne());
  }

  /** The same with a campaign of other terms. */
  static Exchange open(Path directory, CampaignTerms terms) {
    return open(settings(directory), UnaryOperator.identity(), terms);
  }

  /** A node of other settings, made of other parts. */
  static Exchange open(Settings settings, UnaryOperator<NodeParts> parts, CampaignTerms terms) {
    return new Exchange(settings, parts, terms);
  }

  /** A node without HTTP on H2 in a directory, on ports that are free. */
  static Settings settings(Path directory, String... more) {
    // below the ports that the machine gives away by itself
    int first = 10_000 + 2 * ThreadLocalRandom.current().nextInt(11_000 - PORTS);
    return Settings.of(
        ConfigFactory.parseString(String.join("\n", more))
            .withFallback(
                ConfigFactory.parseString(
                    """
                    tandem.node.roles = [edge, control]
                    tandem.node.directory = "%s"
                    tandem.sip.port = 0
                    # its clock stands, and so does its heartbeat: that is no death
                    tandem.edge.dead-after = 5 minutes
                    tandem.rtp.ports = "%d-%d"
                    """
                        .formatted(directory, first, first + PORTS - 1))));
  }

  /** A call of which both sides talk. */
  record Connected(String callId, UaCall caller, UaCall agent) {}

  /** Calls the campaign's number and waits until an agent has answered and it is stored. */
  Connected connect() {
    return connected(phones.rung().size(), phones.call());
  }

  /** The same for a caller with a voice. */
  Connected connect(CallMedia voice) {
    return connected(phones.rung().size(), phones.callFrom(Market.CALLER, voice));
  }

  /**
   * Waits until the call is answered, acknowledged (only then does its time count, QT-5) and
   * stored.
   *
   * @param before how many calls had reached a phone before it was made
   */
  Connected connected(int before, UaCall caller) {
    if (!Telephones.within(caller.answered())) {
      throw new AssertionError(
          "the call was not answered but ended with " + caller.ended().join().status());
    }
    UaCall agent = phones.rung().get(before);
    String callId = Telephones.callId(agent);
    market.awaitPhase(callId, CallState.Connected.class);
    Market.await(
        "the caller's ACK is here",
        () -> node.edge().orElseThrow().edge().pendingAcks().size() == 0);
    return new Connected(callId, caller, agent);
  }

  /** One side hangs up; gives the call once its end is stored. */
  CallState.Ended hangUp(UaCall side, String callId) {
    side.hangUp();
    var unused = Telephones.within(side.ended());
    return market.awaitPhase(callId, CallState.Ended.class);
  }

  VirtualEdge edge() {
    return edge;
  }

  Node node() {
    return node;
  }

  Market market() {
    return market;
  }

  Telephones phones() {
    return phones;
  }

  @Override
  public void close() {
    phones.close();
    node.close();
  }
}
