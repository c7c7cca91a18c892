package io.tandem.node.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.node.boot.EdgeFront;
import io.tandem.protocol.sip.message.SipResponse;
import io.tandem.protocol.sip.transport.Bind;
import io.tandem.protocol.sip.transport.Destination;
import io.tandem.protocol.sip.transport.TransportProtocol;
import io.tandem.protocol.sip.transport.TransportSettings;
import io.tandem.protocol.sip.transport.tls.TestAuthority;
import io.tandem.protocol.sip.transport.tls.TlsSettings;
import io.tandem.protocol.sip.ua.CallEnd;
import io.tandem.protocol.sip.ua.UaCall;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
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
    var settings = Exchange.settings(directory, "tandem.sip.tls.port = 0", authority.nodeSetting());
    try (Exchange exchange = Exchange.open(settings, UnaryOperator.identity(), Market.oneByOne())) {
      exchange.market().agent("anna", 100);
      EdgeFront edge = exchange.node().edge().orElseThrow();
      TlsSettings phone = authority.client("phone", "ip:127.0.0.1");
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

  /** A trunk or phone that lets its connection go is told of the end where it listens. */
  @Test
  void a_caller_whose_connection_is_closed_is_hung_up_on_where_it_listens() {
    try (Exchange exchange = Exchange.open(directory)) {
      exchange.market().agent("anna", 100);
      exchange.phones().phone("anna");
      EdgeFront edge = exchange.node().edge().orElseThrow();
      TransportSettings hasty =
          TransportSettings.listeningOn(
                  new Bind(TransportProtocol.TCP, new InetSocketAddress(HOST, 0)))
              .withTimeouts(Duration.ofSeconds(5), Duration.ofMillis(300), Duration.ofSeconds(1));
      Destination node =
          new Destination(TransportProtocol.TCP, edge.sipAddress(TransportProtocol.TCP));
      try (Telephones callers = new Telephones(hasty, node)) {
        UaCall caller = callers.call();
        assertThat(Telephones.within(caller.answered())).isTrue();
        Market.await(
            "the caller's connection is closed",
            () -> exchange.node().meters().get("tandem.sip.connections").gauge().value() == 0);
        exchange.phones().rung().getFirst().hangUp();
        assertThat(Telephones.within(caller.ended()).cause())
            .isEqualTo(CallEnd.Cause.HUNG_UP_THERE);
      }
    }
  }

  @Test
  @Tag("rule:TEL-1")
  @Tag("rule:PRV-5")
  void a_page_registers_and_is_called_on_its_web_socket_and_nowhere_once_it_is_closed()
      throws Exception {
    TestAuthority authority = new TestAuthority(directory, "authority");
    var settings =
        Exchange.settings(
            directory,
            "tandem.sip.websocket { port = 0, secure-port = 0 }",
            "tandem.sip.tls.port = 0",
            authority.nodeSetting());
    try (HttpClient browser = HttpClient.newBuilder().sslContext(authority.trusting()).build();
        Exchange exchange = Exchange.open(settings, UnaryOperator.identity(), Market.oneByOne())) {
      exchange.market().agent("anna", 500, 5);
      EdgeFront edge = exchange.node().edge().orElseThrow();
      for (TransportProtocol protocol : List.of(TransportProtocol.WS, TransportProtocol.WSS)) {
        URI node =
            URI.create(
                protocol.uriName() + "://127.0.0.1:" + edge.sipAddress(protocol).getPort() + "/");
        try (WebPhone page = new WebPhone(browser, node, "anna")) {
          assertThat(page.register(Market.password("anna"), "").status()).isEqualTo(200);
          answered(exchange, page);
        }
        UaCall late = exchange.phones().call();
        assertThat(Telephones.within(late.ended()).status())
            .as("the page is closed")
            .isEqualTo(480);
      }
      flowsOfOneDevice(exchange, browser);
    }
  }

  /** RFC 5626: rung on one of its flows, and on the other when that one is gone. */
  private static void flowsOfOneDevice(Exchange exchange, HttpClient browser) {
    InetSocketAddress ws = exchange.node().edge().orElseThrow().sipAddress(TransportProtocol.WS);
    URI node = URI.create("ws://127.0.0.1:" + ws.getPort() + "/");
    String urn = "urn:uuid:00000000-0000-1000-8000-000a95a0e128";
    String device = ";+sip.instance=\"<" + urn + ">\";reg-id=";
    try (WebPhone first = new WebPhone(browser, node, "anna");
        WebPhone second = new WebPhone(browser, node, "anna")) {
      SipResponse one = first.register(Market.password("anna"), device + 1);
      assertThat(one.status()).isEqualTo(200);
      assertThat(one.header("Require")).isEqualTo("outbound");
      assertThat(one.header("Flow-Timer")).isNotNull();
      assertThat(one.headers().all("Contact"))
          .anyMatch(contact -> contact.contains("pub-gruu=\"sip:anna@127.0.0.1;gr=" + urn + "\""));
      assertThat(second.register(Market.password("anna"), device + 2).status()).isEqualTo(200);

      answered(exchange, second);
      second.close();
      answered(exchange, first);
    }
  }

  private static void answered(Exchange exchange, WebPhone page) {
    UaCall caller = exchange.phones().call();
    try {
      page.answer(page.next("INVITE"));
    } catch (AssertionError e) {
      throw new AssertionError("the caller heard " + caller.ended().getNow(null), e);
    }
    assertThat(Telephones.within(caller.answered())).isTrue();
    var unusedAck = page.next("ACK");
    caller.hangUp();
    page.send(SipResponse.to(page.next("BYE"), 200, null));
    assertThat(Telephones.within(caller.ended()).answered()).isTrue();
  }
}
