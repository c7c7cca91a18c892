package io.tandem.node.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.persistence.readmodel.SipBinding;
import io.tandem.persistence.readmodel.SipBindings;
import io.tandem.protocol.sip.transport.Bind;
import io.tandem.protocol.sip.transport.Destination;
import io.tandem.protocol.sip.transport.TransportProtocol;
import io.tandem.protocol.sip.transport.TransportSettings;
import io.tandem.protocol.sip.ua.CallEnd;
import io.tandem.protocol.sip.ua.UaCall;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An edge that asks another for the connection which a phone keeps there. */
class FlowsOfOthersTest {
  private static final String HOST = "127.0.0.1";

  @TempDir Path directory;

  @Test
  @Tag("rule:TEL-1")
  void a_phone_on_one_edges_connection_is_called_through_it_by_another_and_by_nobody_else()
      throws IOException {
    try (Exchange exchange = Exchange.open(directory)) {
      exchange.market().endpoint("anna", List.of("MD5"));
      InetSocketAddress node = exchange.node().edge().orElseThrow().sipAddress();
      TransportSettings tcp =
          TransportSettings.listeningOn(
              new Bind(TransportProtocol.TCP, new InetSocketAddress(HOST, 0)));
      try (Telephones phones = new Telephones(tcp, new Destination(TransportProtocol.TCP, node));
          RawSip other = new RawSip(node)) {
        phones.phone("anna");
        String way = way(exchange);
        assertThat(way).startsWith("<sip:flow.");

        invite(other, way, "lent");
        String ok = other.await(text -> text.startsWith("SIP/2.0 200"));
        UaCall called = phones.rung().getFirst();
        assertThat(called.invite().topVia().toString()).contains("/TCP");
        assertThat(called.invite().header("Record-Route")).contains("transport=tcp");
        assertThat(ok.lines().filter(line -> line.startsWith("Via:"))).hasSize(1);
        String route = header(ok, "Record-Route");
        String to = header(ok, "To");
        other.send("", request("ACK", "a1", 1, to, route, other));
        Market.await("it is acknowledged", () -> called.answered().isDone());

        other.send("", request("BYE", "b1", 2, to, route, other));
        assertThat(other.await(text -> text.startsWith("SIP/2.0 "))).startsWith("SIP/2.0 200");
        assertThat(Telephones.within(called.ended()).cause())
            .isEqualTo(CallEnd.Cause.HUNG_UP_THERE);

        invite(other, way, "theirs");
        String second = other.await(text -> text.startsWith("SIP/2.0 200"));
        other.send(
            "",
            request("ACK", "a2", 1, header(second, "To"), header(second, "Record-Route"), other));
        UaCall again = phones.awaitRung(2);
        Market.await("it is acknowledged", () -> again.answered().isDone());
        phoneOnItsNextConnection(node, again, other);
        again.hangUp();
        String bye = other.await(text -> text.startsWith("BYE "));
        other.reply(bye, "200 OK", "");
        assertThat(Telephones.within(again.ended()).status()).isEqualTo(200);

        invite(other, way.replace("flow.", "flow.A"), "forged");
        assertThat(other.await(text -> text.matches("(?s)SIP/2.0 [2-6].*")))
            .as("a name that this edge has not sealed is nobody's")
            .startsWith("SIP/2.0 404");
        phones.close();
        nobodyIsThereAnyMore(other, way);
      }
    }
  }

  private static void nobodyIsThereAnyMore(RawSip other, String way) {
    Market.await(
        "the connection is gone",
        () -> {
          invite(other, way, "late" + System.nanoTime());
          return other.await(text -> text.matches("(?s)SIP/2.0 [2-6].*")).startsWith("SIP/2.0 430");
        });
  }

  /** What it says in the dialog passes; its connection of before may be gone. */
  private static void phoneOnItsNextConnection(InetSocketAddress node, UaCall at, RawSip other)
      throws IOException {
    try (Socket next = new Socket(node.getAddress(), node.getPort())) {
      String info =
          String.join(
              "\r\n",
              "INFO sip:other@127.0.0.1:" + other.port() + " SIP/2.0",
              "Via: SIP/2.0/TCP 127.0.0.1:" + next.getLocalPort() + ";branch=z9hG4bKnext",
              "Max-Forwards: 70",
              "Route: " + at.invite().header("Record-Route"),
              "From: <sip:anna@127.0.0.1>;tag=p",
              "To: <sip:other@127.0.0.1>;tag=o",
              "Call-ID: next",
              "CSeq: 7 INFO",
              "Content-Length: 0",
              "",
              "");
      next.getOutputStream().write(info.getBytes(StandardCharsets.UTF_8));
      other.reply(other.await(text -> text.startsWith("INFO ")), "200 OK", "");
      next.setSoTimeout(10_000);
      byte[] said = next.getInputStream().readNBytes(11);
      assertThat(new String(said, StandardCharsets.UTF_8)).isEqualTo("SIP/2.0 200");
    }
  }

  @Test
  @Tag("rule:TEL-1")
  void
      a_phone_behind_an_edge_that_says_nothing_is_given_up_after_four_seconds_and_the_next_rings() {
    try (Exchange exchange = Exchange.open(directory)) {
      exchange.market().agent("anna", 100);
      exchange.market().agent("bert", 100, Market.bidding(Exchange.PRICE, 2, 1));
      exchange.phones().phone("bert", exchange.phones().ringing());
      try (RawSip silent = new RawSip(exchange.node().edge().orElseThrow().sipAddress())) {
        leftBehind(exchange, "anna", silent);
        UaCall caller = exchange.phones().call();
        assertThat(silent.await(text -> text.startsWith("INVITE "))).contains("Route: <sip:flow.");

        exchange.edge().advance(3_999);
        assertThat(exchange.phones().rung()).isEmpty();
        exchange.edge().advance(1);
        UaCall second = exchange.phones().awaitRung(1);
        assertThat(Telephones.callId(second)).isNotEmpty();
        exchange.phones().answer(second);
        assertThat(Telephones.within(caller.answered())).isTrue();
        exchange.hangUp(caller, Telephones.callId(second));
      }
    }
  }

  /** What an edge that died left: a phone on its connection, reached through where it listened. */
  private static void leftBehind(Exchange exchange, String name, RawSip edge) {
    Instant now = Instant.now();
    SipBinding binding =
        new SipBinding(
            name,
            "sip:" + name + "@127.0.0.1:5999;transport=tcp",
            "",
            0,
            "left-behind",
            1,
            now.plusSeconds(600),
            "gone",
            "TCP 127.0.0.1 5999",
            "<sip:flow.of-nobody.here@127.0.0.1:" + edge.port() + ";lr>",
            "");
    var unused =
        new SipBindings(exchange.node().stores().journal())
            .update(name, now, held -> List.of(binding));
  }

  private static String way(Exchange exchange) {
    return new SipBindings(exchange.node().stores().journal())
        .find("anna", Instant.now())
        .getFirst()
        .path();
  }

  private static void invite(RawSip from, String way, String callId) {
    from.send(
        RawSip.SDP,
        "INVITE sip:anna@127.0.0.1 SIP/2.0",
        from.via(callId),
        "Route: " + way,
        "From: <sip:edge@127.0.0.1>;tag=edge",
        "To: <sip:anna@127.0.0.1>",
        "Call-ID: " + callId,
        "CSeq: 1 INVITE",
        "Max-Forwards: 70",
        "Contact: <sip:edge@127.0.0.1:" + from.port() + ">",
        "Content-Type: application/sdp");
  }

  private static String[] request(
      String method, String branch, int cseq, String to, String route, RawSip from) {
    String callId = branch.endsWith("1") ? "lent" : "theirs";
    return new String[] {
      method + " sip:anna@127.0.0.1 SIP/2.0",
      from.via(branch),
      "Route: " + route,
      "From: <sip:edge@127.0.0.1>;tag=edge",
      "To: " + to,
      "Call-ID: " + callId,
      "CSeq: " + cseq + " " + method,
      "Max-Forwards: 70"
    };
  }

  private static String header(String message, String name) {
    return message
        .lines()
        .filter(line -> line.startsWith(name + ": "))
        .findFirst()
        .orElseThrow()
        .substring(name.length() + 2);
  }
}
