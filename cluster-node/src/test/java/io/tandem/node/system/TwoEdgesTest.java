package io.tandem.node.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.node.boot.Node;
import io.tandem.node.boot.NodeParts;
import io.tandem.persistence.database.DatabaseSettings;
import io.tandem.persistence.database.Databases;
import io.tandem.protocol.sip.auth.DigestSession;
import io.tandem.protocol.sip.transport.Bind;
import io.tandem.protocol.sip.transport.Destination;
import io.tandem.protocol.sip.transport.TransportProtocol;
import io.tandem.protocol.sip.transport.TransportSettings;
import io.tandem.protocol.sip.ua.CallEnd;
import io.tandem.protocol.sip.ua.UaCall;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two nodes of one cluster on one database: what a phone at one is to the other. */
class TwoEdgesTest {
  private static final String HOST = "127.0.0.1";
  private static final String MASTER = "5a".repeat(32);

  @TempDir Path directory;

  private final DatabaseSettings journal = Databases.POSTGRESQL.fresh();
  private final DatabaseSettings keys = Databases.POSTGRESQL.fresh();

  private Node node(String name, int port, int seedPort) {
    return Node.start(
        Exchange.settings(
            directory.resolve(name),
            "tandem.node.name = " + name,
            "tandem.keys.master = \"" + MASTER + "\"",
            "tandem.cluster.port = " + port,
            "tandem.cluster.seeds = [\"127.0.0.1:" + seedPort + "\"]",
            store("database", journal),
            store("keys", keys)),
        NodeParts.REAL.withEdgeClock(new VirtualEdge()::on));
  }

  private static String store(String key, DatabaseSettings at) {
    return "tandem.%s { url = \"%s\", user = \"%s\", password = \"%s\" }"
        .formatted(key, at.jdbcUrl(), at.user(), at.password());
  }

  private static int freePort() {
    try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return probe.getLocalPort();
    } catch (IOException e) {
      throw new AssertionError("no port is free", e);
    }
  }

  private static InetSocketAddress sip(Node node) {
    return node.edge().orElseThrow().sipAddress();
  }

  @Test
  @Tag("rule:TEL-1")
  @Tag("rule:TEL-11")
  void a_phone_at_one_edge_is_watched_from_the_other_called_through_it_and_let_in_there() {
    int first = freePort();
    TransportSettings tcp =
        TransportSettings.listeningOn(
            new Bind(TransportProtocol.TCP, new InetSocketAddress(HOST, 0)));
    try (Node a = node("a", first, first);
        Node b = node("b", freePort(), first);
        Telephones atA = new Telephones(tcp, new Destination(TransportProtocol.TCP, sip(a)));
        Telephones callersOfA = new Telephones(sip(a));
        Telephones callersOfB = new Telephones(sip(b));
        Lamp lamp = new Lamp("bert", sip(b))) {
      Market market = new Market(a, Exchange.TIMER_MILLIS, Exchange.PRICE);
      market.agent("anna", 100);
      market.colleague("bert", "anna");
      market.colleague("dora", "anna");
      atA.phone("anna", atA.ringing());
      atA.phone("dora", atA.ringing());
      Market.await("the other node knows the market", () -> isKnown(b));

      lampShowsCallsOfTheOtherEdge(lamp, atA, callersOfA);
      Market.await(
          "anna is free", () -> b.directory().agent("anna").orElseThrow().reservations().isEmpty());
      lampFollowsACallThatIsHandedOn(lamp, atA, callersOfA);
      Market.await(
          "anna is free", () -> b.directory().agent("anna").orElseThrow().reservations().isEmpty());
      callGoesThroughTheOtherEdge(atA, callersOfB);
      nonceIsGoodWhereItWasMade(a, b);
      registrationOutlivesItsEdge(a, b, callersOfB);
    }
  }

  /** TEL-1: what registered at an edge that is gone is called from those that are left. */
  private static void registrationOutlivesItsEdge(Node a, Node b, Telephones from) {
    try (Telephones desk = new Telephones(sip(a))) {
      desk.phone("anna", desk.ringing());
      a.close();
      Market.await(
          "anna is free", () -> b.directory().agent("anna").orElseThrow().reservations().isEmpty());
      UaCall caller = taken(from);
      desk.answer(desk.awaitRung(1));
      assertThat(Telephones.within(caller.answered())).isTrue();
      caller.hangUp();
      assertThat(Telephones.within(caller.ended()).status()).isEqualTo(200);
    }
  }

  /** While what the other node did is taken over, a call may be told to come later. */
  private static UaCall taken(Telephones from) {
    List<UaCall> tried = new ArrayList<>(List.of(from.call()));
    Market.await(
        "a call is taken",
        () -> {
          UaCall last = tried.getLast();
          if (last.ended().isDone()) {
            tried.add(from.call());
          }
          return last.state() == UaCall.State.RINGING;
        });
    return tried.getLast();
  }

  private static boolean isKnown(Node node) {
    return node.directory().number(Market.NUMBER).isPresent()
        && node.directory().endpoint("bert").isPresent()
        && node.directory().endpoint("dora").isPresent()
        && node.directory().agent("anna").filter(agent -> agent.online()).isPresent()
        && node.directory()
            .balances("acct-anna", "USD")
            .filter(those -> those.availableMicros() > 0)
            .isPresent();
  }

  private static void lampShowsCallsOfTheOtherEdge(Lamp lamp, Telephones phones, Telephones from) {
    assertThat(lamp.subscribe("lamp", "anna", "dialog")).startsWith("SIP/2.0 200");
    assertThat(lamp.notification("version=\"0\"")).doesNotContain("<state>");

    UaCall caller = from.call();
    UaCall atPhone = phones.awaitRung(1);
    assertThat(lamp.notification("<state>early</state>")).contains("entity=\"sip:anna@");
    phones.answer(atPhone);
    assertThat(Telephones.within(caller.answered())).isTrue();
    assertThat(lamp.notification("<state>confirmed</state>")).doesNotContain(Market.CALLER);
    caller.hangUp();
    assertThat(Telephones.within(caller.ended()).status()).isEqualTo(200);
    lamp.awaitDark();
  }

  private static void lampFollowsACallThatIsHandedOn(
      Lamp lamp, Telephones phones, Telephones from) {
    assertThat(lamp.subscribe("of-dora", "dora", "dialog")).startsWith("SIP/2.0 200");
    assertThat(lamp.notification("entity=\"sip:dora@")).doesNotContain("<state>");
    UaCall caller = from.call();
    UaCall anna = phones.awaitRung(2);
    lamp.notification("entity=\"sip:anna@", "<state>early</state>");
    phones.answer(anna);
    assertThat(Telephones.within(caller.answered())).isTrue();
    lamp.notification("entity=\"sip:anna@", "<state>confirmed</state>");

    assertThat(Telephones.within(anna.refer("<sip:dora@127.0.0.1>")).status()).isEqualTo(202);
    UaCall dora = phones.awaitRung(3);
    lamp.notification("entity=\"sip:dora@", "<state>early</state>");
    phones.answer(dora);
    lamp.notification("entity=\"sip:dora@", "<state>confirmed</state>");
    assertThat(lamp.notification("entity=\"sip:anna@")).doesNotContain("<state>");
    caller.hangUp();
    assertThat(Telephones.within(caller.ended()).status()).isEqualTo(200);
    assertThat(lamp.notification("entity=\"sip:dora@")).doesNotContain("<state>");
  }

  private static void callGoesThroughTheOtherEdge(Telephones phones, Telephones from) {
    UaCall caller = from.call();
    UaCall atPhone = phones.awaitRung(4);
    assertThat(atPhone.invite().topVia().toString()).contains("/TCP");
    assertThat(atPhone.invite().vias()).as("both edges").hasSize(2);
    assertThat(atPhone.invite().header("Record-Route")).contains("transport=tcp");
    phones.answer(atPhone);
    assertThat(Telephones.within(caller.answered())).isTrue();
    Market.await("its ACK came through", () -> atPhone.answered().isDone());

    atPhone.hangUp();
    assertThat(Telephones.within(atPhone.ended()).status()).isEqualTo(200);
    assertThat(Telephones.within(caller.ended()).cause()).isEqualTo(CallEnd.Cause.HUNG_UP_THERE);
  }

  /** RFC 7616 3.3, 3.4: replay is known where the nonce was made; elsewhere it is stale. */
  private static void nonceIsGoodWhereItWasMade(Node a, Node b) {
    DigestSession anna = new DigestSession("anna", Market.password("anna"), () -> "cnonce");
    try (RawSip atA = new RawSip(sip(a));
        RawSip atB = new RawSip(sip(b))) {
      assertThat(anna.challenged(challenges(register(atA, 1, "")), false)).isTrue();
      String credentials = anna.answer("REGISTER", "sip:127.0.0.1").orElseThrow();
      assertThat(register(atA, 2, credentials)).startsWith("SIP/2.0 200 ");

      assertThat(register(atA, 3, credentials)).as("again where it was").startsWith("SIP/2.0 401");
      String stale = register(atB, 3, credentials);
      assertThat(stale).as("again at the other").startsWith("SIP/2.0 401 ").contains("stale=true");
      String mended = anna.answer("REGISTER", "sip:127.0.0.1").orElseThrow();
      assertThat(register(atB, 4, mended)).as("its next count neither").startsWith("SIP/2.0 401 ");
      assertThat(anna.challenged(challenges(stale), true)).as("no new password is needed").isTrue();
      assertThat(register(atB, 5, anna.answer("REGISTER", "sip:127.0.0.1").orElseThrow()))
          .as("one round trip later")
          .startsWith("SIP/2.0 200 ");
    }
  }

  private static List<String> challenges(String response) {
    return response
        .lines()
        .filter(line -> line.startsWith("WWW-Authenticate: "))
        .map(line -> line.substring("WWW-Authenticate: ".length()))
        .toList();
  }

  private static String register(RawSip from, int cseq, String credentials) {
    String branch = "r" + cseq + from.port();
    from.send(
        "",
        "REGISTER sip:127.0.0.1 SIP/2.0",
        from.via(branch),
        "Max-Forwards: 70",
        credentials.isEmpty() ? "X-None: 1" : "Authorization: " + credentials,
        "From: <sip:anna@127.0.0.1>;tag=r",
        "To: <sip:anna@127.0.0.1>",
        "Contact: <sip:anna@127.0.0.1:" + from.port() + ">",
        "Expires: 600",
        "Call-ID: register-" + from.port(),
        "CSeq: " + cseq + " REGISTER");
    return from.await(text -> text.startsWith("SIP/2.0 ") && text.contains("bK" + branch));
  }
}
