package io.tandem.node.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.node.boot.EdgeFront;
import io.tandem.protocol.sip.transport.Bind;
import io.tandem.protocol.sip.transport.Destination;
import io.tandem.protocol.sip.transport.TransportProtocol;
import io.tandem.protocol.sip.transport.TransportSettings;
import io.tandem.protocol.sip.transport.tls.TestAuthority;
import io.tandem.protocol.sip.transport.tls.TlsSettings;
import io.tandem.protocol.sip.ua.UaCall;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Phones that reach the node over something else than UDP, and are reached over it. */
class TransportsOverSipTest {
  private static final String HOST = "127.0.0.1";

  @TempDir Path directory;

  @Test
  @Tag("rule:TEL-1")
  @Tag("rule:PRV-5")
  void phones_register_and_are_called_on_their_connection_over_tcp_and_tls() {
    TestAuthority authority = new TestAuthority(directory, "authority");
    TlsSettings.Pair pair = authority.sign("node", "ip:127.0.0.1");
    var settings =
        Exchange.settings(
            directory,
            "tandem.sip.tls.port = 0",
            "tandem.sip.tls.certificates = [\"" + pair.chain() + " " + pair.key() + "\"]");
    try (Exchange exchange = Exchange.open(settings, UnaryOperator.identity(), Market.oneByOne())) {
      exchange.market().agent("anna", 100);
      EdgeFront edge = exchange.node().edge().orElseThrow();
      TlsSettings phone =
          new TlsSettings(
              List.of(authority.sign("phone", "ip:127.0.0.1")),
              TlsSettings.ClientCertificates.NONE,
              authority.certificate(),
              List.of("TLSv1.3"),
              Duration.ofSeconds(10));
      for (TransportProtocol protocol : List.of(TransportProtocol.TCP, TransportProtocol.TLS)) {
        TransportSettings own =
            TransportSettings.listeningOn(new Bind(protocol, new InetSocketAddress(HOST, 0)));
        boolean secure = protocol == TransportProtocol.TLS;
        Destination node = new Destination(protocol, edge.sipAddress(protocol));
        try (Telephones phones = new Telephones(secure ? own.withTls(phone) : own, node)) {
          var line = phones.phone("anna");
          UaCall caller = phones.call();
          assertThat(Telephones.within(caller.answered())).as(protocol.name()).isTrue();
          UaCall agent = phones.rung().getFirst();
          assertThat(agent.invite().topVia().toString()).contains("/" + protocol.name());
          assertThat(Telephones.within(agent.hold()).status()).isEqualTo(200);
          agent.hangUp();
          assertThat(Telephones.within(caller.ended()).answered()).isTrue();
          assertThat(Telephones.within(line.unregister()).status()).isEqualTo(200);
        }
      }
    }
  }
}
