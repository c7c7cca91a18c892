package io.tandem.node.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.tandem.node.boot.EdgeFront;
import io.tandem.persistence.call.CallState;
import io.tandem.protocol.sip.transport.Bind;
import io.tandem.protocol.sip.transport.Destination;
import io.tandem.protocol.sip.transport.TransportProtocol;
import io.tandem.protocol.sip.transport.TransportSettings;
import io.tandem.protocol.sip.ua.AnswerPlan;
import io.tandem.protocol.sip.ua.CallMedia;
import io.tandem.protocol.sip.ua.UaCall;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node on IPv6 alone, and phones there. */
class Ipv6OverSipTest {
  private static final String HOST = "::1";

  @TempDir Path directory;

  private static boolean isSpoken() throws SocketException {
    return NetworkInterface.getByInetAddress(InetAddress.ofLiteral(HOST)) != null;
  }

  private static Telephones phones(TransportProtocol protocol, EdgeFront edge) {
    return new Telephones(
        TransportSettings.listeningOn(new Bind(protocol, new InetSocketAddress(HOST, 0))),
        new Destination(protocol, edge.sipAddress(protocol)));
  }

  private static CallMedia silence() {
    return CallMedia.none(HOST, 9_000);
  }

  @Test
  @Tag("rule:TEL-1")
  void phones_register_and_are_called_over_udp_and_tcp_and_are_shown_addresses_of_ipv6_only()
      throws Exception {
    assumeThat(isSpoken()).as("this machine has IPv6").isTrue();
    var settings = Exchange.settings(directory, "tandem.sip.host = \"::1\"");
    try (Exchange exchange = Exchange.open(settings, UnaryOperator.identity(), Market.oneByOne())) {
      exchange.market().agent("anna", 100);
      EdgeFront edge = exchange.node().edge().orElseThrow();
      for (TransportProtocol protocol : List.of(TransportProtocol.UDP, TransportProtocol.TCP)) {
        try (Telephones there = phones(protocol, edge)) {
          var line =
              there.phone(
                  "anna", AnswerPlan.answering(there.agent().loop(), 20, Ipv6OverSipTest::silence));
          UaCall caller = there.callFrom(Market.CALLER, silence());
          assertThat(Telephones.within(caller.answered())).as(protocol.name()).isTrue();
          UaCall agent = there.rung().getFirst();
          assertThat(agent.invite().topVia().toString())
              .contains("/" + protocol.name() + " [::1]:");
          assertThat(agent.invite().header("Contact")).contains("@[::1]:");
          assertThat(agent.invite().bodyText())
              .contains("c=IN IP6 0:0:0:0:0:0:0:1")
              .doesNotContain("IP4");
          assertThat(Telephones.within(agent.hold()).status()).isEqualTo(200);
          exchange.market().awaitPhase(Telephones.callId(agent), CallState.Connected.class);
          agent.hangUp();
          assertThat(Telephones.within(caller.ended()).answered()).isTrue();
          assertThat(Telephones.within(line.unregister()).status()).isEqualTo(200);
        }
      }
    }
  }
}
