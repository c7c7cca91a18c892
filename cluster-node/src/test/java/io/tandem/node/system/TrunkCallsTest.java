package io.tandem.node.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tandem.node.agent.AgentCommand;
import io.tandem.node.http.ApiClient;
import io.tandem.node.trunk.TrunkCommand;
import io.tandem.node.trunk.TrunkReply;
import io.tandem.persistence.call.Arrival;
import io.tandem.persistence.call.CallState;
import io.tandem.persistence.trunk.TrunkTerms;
import io.tandem.protocol.sip.identity.Attestation;
import io.tandem.protocol.sip.identity.CertificateCache;
import io.tandem.protocol.sip.identity.IdentitySigner;
import io.tandem.protocol.sip.identity.IdentityVerifier;
import io.tandem.protocol.sip.identity.Passport;
import io.tandem.protocol.sip.identity.Verification;
import io.tandem.protocol.sip.message.HeaderField;
import io.tandem.protocol.sip.message.SipUri;
import io.tandem.protocol.sip.resolve.NameServer;
import io.tandem.protocol.sip.transport.Bind;
import io.tandem.protocol.sip.transport.Destination;
import io.tandem.protocol.sip.transport.SipTransport;
import io.tandem.protocol.sip.transport.TransportProtocol;
import io.tandem.protocol.sip.transport.TransportSettings;
import io.tandem.protocol.sip.transport.tls.TestAuthority;
import io.tandem.protocol.sip.transport.tls.TlsSettings;
import io.tandem.protocol.sip.ua.AnswerPlan;
import io.tandem.protocol.sip.ua.CallHandler;
import io.tandem.protocol.sip.ua.CallMedia;
import io.tandem.protocol.sip.ua.UaCall;
import io.tandem.protocol.sip.ua.UaIdentity;
import io.tandem.protocol.sip.ua.UserAgent;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.interfaces.ECPrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Carriers around a node: their calls in, ours out, their limits, and what comes after a failure.
 */
class TrunkCallsTest {
  private static final String ABROAD = "13105550199";

  private static final URI ANOTHERS = URI.create("https://another.example.com/sti.pem");

  @TempDir Path directory;

  private Path trusted;
  private TlsSettings.Pair signing;
  private final NameServer names = new NameServer().ttl(1);
  private Exchange exchange;
  private Carrier first;
  private Carrier second;

  /** A network with one phone in it. */
  private static final class Carrier implements AutoCloseable {
    final SipTransport transport =
        new SipTransport(
            TransportSettings.listeningOn(Bind.udp("127.0.0.1", 0))
                .alsoOn(
                    new Bind(
                        TransportProtocol.TCP, new java.net.InetSocketAddress("127.0.0.1", 0))));
    final UserAgent agent;
    final List<UaCall> rung = new CopyOnWriteArrayList<>();

    Carrier() {
      try {
        agent = UserAgent.start(transport);
      } catch (Exception e) {
        throw new AssertionError("no socket for the carrier", e);
      }
    }

    int port() {
      return transport.listening().getFirst().address().getPort();
    }

    String target() {
      return "sip:127.0.0.1:" + port();
    }

    void phone(String user, CallHandler handler) {
      var unused =
          agent.line(
              new UaIdentity(user, "127.0.0.1", null, null, node(port())),
              call -> {
                rung.add(call);
                handler.onCall(call);
              });
    }

    UaCall call(String from, String to, int port, HeaderField... headers) {
      return agent
          .line(new UaIdentity(from, "127.0.0.1", null, null, node(port)), call -> call.refuse(486))
          .call(
              SipUri.sip(to, "127.0.0.1", port),
              CallMedia.none("127.0.0.1", 9_000),
              List.of(headers));
    }

    private static Destination node(int port) {
      return new Destination(
          TransportProtocol.UDP, new java.net.InetSocketAddress("127.0.0.1", port));
    }

    @Override
    public void close() {
      transport.close();
    }
  }

  @BeforeEach
  void start() throws IOException {
    TestAuthority authority = new TestAuthority(directory, "sti-ca");
    trusted = authority.certificate();
    signing = authority.sign("own", "dns:tandem.example.com");
    exchange =
        Exchange.open(
            Exchange.settings(
                directory.resolve("node"),
                "tandem.node.roles = [edge, control, api]",
                "tandem.http.port = 0",
                "tandem.http.operator-token = \"" + HttpMarket.OPERATOR + "\"",
                "tandem.sip.name-servers = [\"127.0.0.1:" + names.address().getPort() + "\"]",
                "tandem.sip.stir.key = \"" + signing.key() + "\"",
                "tandem.sip.stir.certificate = \"https://tandem.invalid/own.pem\"",
                "tandem.sip.stir.trusted = \"" + trusted + "\""),
            parts -> parts.withCertificates(this::certificates),
            Market.oneByOne());
    first = new Carrier();
    second = new Carrier();
  }

  @AfterEach
  void stop() {
    first.close();
    second.close();
    exchange.close();
    names.close();
  }

  private int sip() {
    return exchange.node().edge().orElseThrow().sipAddress().getPort();
  }

  private void trunk(
      String id, String style, @Nullable Integer concurrent, int rank, String... to) {
    trunk(id, style, concurrent, rank, to.length, to);
  }

  /** One whose targets lead to so many servers. */
  private void trunk(
      String id, String style, @Nullable Integer concurrent, int rank, int servers, String... to) {
    TrunkTerms terms =
        new TrunkTerms(
            List.of(to),
            null,
            List.of(),
            List.of(),
            null,
            concurrent,
            List.of("PCMU"),
            new TrunkTerms.Numbers(style, "1", "", "011", ""),
            List.of(new TrunkTerms.Route("1", rank)));
    assertThat(exchange.market().ask("trunk", id, new TrunkCommand.Define(terms)))
        .isInstanceOf(TrunkReply.Done.class);
    Market.await(
        "the edge knows the trunk",
        () ->
            exchange.node().meters().find("tandem.trunk.targets.usable").tag("trunk", id).gauge()
                    instanceof io.micrometer.core.instrument.Gauge usable
                && usable.value() == servers);
  }

  @Test
  @Tag("rule:TEL-3")
  @Tag("rule:MKT-10")
  void a_carriers_call_reaches_an_agent_and_its_limit_is_never_exceeded_nor_leaked() {
    exchange.market().agent("anna", 200, 5);
    exchange.phones().phone("anna");
    trunk("carrier-a", "NATIONAL", 1, 0, first.target());

    UaCall one = first.call("2125550123", Market.NUMBER.substring(1), sip());
    assertThat(Telephones.within(one.answered())).as("a national number is ours").isTrue();
    assertThat(exchange.phones().rung().getFirst().invite().from().uri().user())
        .isEqualTo("2125550123");
    UaCall over = first.call("2125550124", Market.NUMBER.substring(1), sip());
    assertThat(Telephones.within(over.ended()).status()).isEqualTo(503);
    assertThat(running("carrier-a")).isEqualTo(1);

    one.hangUp();
    Market.await("the count came back", () -> running("carrier-a") == 0);
    UaCall next = first.call("2125550125", Market.NUMBER.substring(1), sip());
    assertThat(Telephones.within(next.answered())).isTrue();
    next.hangUp();
  }

  private int running(String trunk) {
    return ((TrunkReply.View) exchange.market().ask("trunk", trunk, new TrunkCommand.Read()))
        .state()
        .admissions()
        .size();
  }

  @Test
  @Tag("rule:TEL-3")
  void a_call_out_goes_to_the_next_carrier_after_a_failure_and_shows_no_price_there() {
    exchange.market().agentAbroad("bob", ABROAD, 100);
    first.phone("+" + ABROAD, AnswerPlan.refusing(first.agent.loop(), 503));
    second.phone(
        ABROAD,
        AnswerPlan.answering(second.agent.loop(), 20, () -> CallMedia.none("127.0.0.1", 9_002)));
    trunk("best", "PLUS", null, 0, first.target());
    trunk("other", "DIGITS", null, 1, second.target());

    UaCall call = exchange.phones().call();
    assertThat(Telephones.within(call.answered())).isTrue();
    assertThat(first.rung).hasSize(1);
    assertThat(second.rung).hasSize(1);
    var invite = second.rung.getFirst().invite();
    assertThat(invite.uri().user()).isEqualTo(ABROAD);
    assertThat(
            invite.toString()
                + new String(invite.toBytes(), java.nio.charset.StandardCharsets.UTF_8))
        .doesNotContain("X-Tandem");
    call.hangUp();
    Telephones.within(second.rung.getFirst().ended());
  }

  @Test
  @Tag("rule:TEL-3")
  void a_carriers_name_leads_to_its_servers_one_after_the_other_and_to_others_when_it_moves()
      throws IOException {
    exchange.market().agentAbroad("bob", ABROAD, 100);
    first.phone("+" + ABROAD, AnswerPlan.refusing(first.agent.loop(), 503));
    second.phone(
        "+" + ABROAD,
        AnswerPlan.answering(second.agent.loop(), 20, () -> CallMedia.none("127.0.0.1", 9_002)));
    int closed;
    try (var taken = new java.net.ServerSocket(0)) {
      closed = taken.getLocalPort();
    }
    names
        .rule("carrier.test", 1, 1, "SIPS+D2T", "_sips._tcp.carrier.test")
        .rule("carrier.test", 2, 1, "SIP+D2T", "_sip._tcp.carrier.test")
        .service("_sip._tcp.carrier.test", 3, 0, second.port(), "sbc.carrier.test")
        .service("_sip._tcp.carrier.test", 2, 0, first.port(), "sbc.carrier.test")
        .service("_sip._tcp.carrier.test", 1, 0, closed, "sbc.carrier.test")
        .address("sbc.carrier.test", "127.0.0.1");
    trunk("named", "PLUS", null, 0, 3, "sip:carrier.test");

    UaCall call = exchange.phones().call();
    assertThat(Telephones.within(call.answered())).isTrue();
    assertThat(first.rung).as("the second server said 503").hasSize(1);
    assertThat(second.rung).hasSize(1);
    assertThat(second.rung.getFirst().invite().uri().toString())
        .startsWith("sip:+" + ABROAD + "@carrier.test");
    assertThat(second.rung.getFirst().invite().topVia().toString()).contains("/TCP");
    call.hangUp();

    names.forget("_sip._tcp.carrier.test");
    names.service("_sip._tcp.carrier.test", 1, 0, second.port(), "sbc.carrier.test");
    Market.await(
        "the edge knows the servers of today",
        () -> exchange.node().meters().get("tandem.trunk.targets.usable").gauge().value() == 1);
    UaCall again = exchange.phones().call();
    assertThat(Telephones.within(again.answered())).isTrue();
    assertThat(first.rung).hasSize(1);
    assertThat(second.rung).hasSize(2);
    again.hangUp();
  }

  @Test
  @Tag("rule:TEL-12")
  void a_call_out_is_signed_as_a_gateway_does_and_a_call_in_shows_that_nobody_vouches_for_it()
      throws IOException {
    exchange.market().agentAbroad("bob", ABROAD, 100);
    second.phone(
        ABROAD,
        AnswerPlan.answering(second.agent.loop(), 20, () -> CallMedia.none("127.0.0.1", 9_002)));
    trunk("other", "DIGITS", null, 1, second.target());
    UaCall call = exchange.phones().call();
    assertThat(Telephones.within(call.answered())).isTrue();
    String identity = second.rung.getFirst().invite().header("Identity");
    assertThat(
            new IdentityVerifier(CertificateCache.read(Files.readAllBytes(trusted)))
                .verify(
                    String.valueOf(identity),
                    CertificateCache.read(Files.readAllBytes(signing.chain())),
                    Market.CALLER,
                    ABROAD,
                    Instant.now()))
        .isInstanceOfSatisfying(
            Verification.Vouched.class,
            vouched -> assertThat(vouched.attestation()).isEqualTo(Attestation.C));
    call.hangUp();

    exchange.market().agent("anna", 500, 5);
    exchange.phones().phone("anna");
    exchange.market().ask("agent", "bob", new AgentCommand.GoOffline("lunch"));
    Market.await(
        "bob is away",
        () -> exchange.node().directory().agent("bob").filter(a -> !a.online()).isPresent());
    UaCall in = second.call("12125550123", Market.NUMBER, sip());
    assertThat(Telephones.within(in.answered())).isTrue();
    assertThat(exchange.phones().rung().getFirst().invite().header("X-Tandem-Verification"))
        .isEqualTo("No-TN-Validation");
    assertThat(arrival(exchange.phones().rung().getFirst()))
        .isEqualTo(new Arrival("other", "No-TN-Validation", "", ""));
    in.hangUp();

    UaCall signed =
        second.call(
            "12125550123",
            Market.NUMBER,
            sip(),
            HeaderField.of("Identity", String.valueOf(identity)));
    assertThat(Telephones.within(signed.answered())).as("never refused for it").isTrue();
    assertThat(arrival(exchange.phones().rung().getLast()))
        .as("its certificate is not to be had, and the call itself says so")
        .satisfies(over -> assertThat(over.verification()).isEqualTo("TN-Validation-Failed"))
        .satisfies(over -> assertThat(over.detail()).isNotEmpty());
    signed.hangUp();
  }

  /** What the internet has of them: one. */
  private byte[] certificates(URI address) throws IOException {
    if (!address.equals(ANOTHERS)) {
      throw new IOException("away");
    }
    return Files.readAllBytes(signing.chain());
  }

  @Test
  @Tag("rule:TEL-12")
  void whom_a_carrier_vouches_for_the_agent_is_shown_and_the_operator_over_http() throws Exception {
    exchange.market().agent("anna", 500, 5);
    exchange.phones().phone("anna");
    trunk("other", "DIGITS", null, 1, second.target());
    String pem = Files.readString(signing.key()).replaceAll("-----[A-Z ]+-----|\\s", "");
    ECPrivateKey key =
        (ECPrivateKey)
            KeyFactory.getInstance("EC")
                .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(pem)));
    String identity =
        new IdentitySigner(key, ANOTHERS)
            .identity(
                new Passport(
                    Attestation.A,
                    "12125550123",
                    List.of(Market.NUMBER),
                    Instant.now(),
                    "5a31b2a4-8f0d-4c3a-9f0e-3f1f6f1f0c11"));
    UaCall call =
        second.call("12125550123", Market.NUMBER, sip(), HeaderField.of("Identity", identity));
    assertThat(Telephones.within(call.answered())).isTrue();
    UaCall atPhone = exchange.phones().rung().getFirst();
    assertThat(atPhone.invite().header("X-Tandem-Verification")).isEqualTo("TN-Validation-Passed");
    assertThat(arrival(atPhone)).isEqualTo(new Arrival("other", "TN-Validation-Passed", "A", ""));
    ApiClient operator =
        ApiClient.of(exchange.node().http().orElseThrow().address(), HttpMarket.OPERATOR);
    Map<String, String> named = Map.of("callId", Telephones.callId(atPhone));
    Market.await("it can be read", () -> operator.call("readCall", named).status() == 200);
    JsonNode over = operator.call("readCall", named).ok().path("arrival");
    assertThat(over.path("trunkId").asText()).isEqualTo("other");
    assertThat(over.path("verification").asText()).isEqualTo("TN-Validation-Passed");
    assertThat(over.path("attestation").asText()).isEqualTo("A");
    call.hangUp();
  }

  /** How a call came in, as it is stored with it. */
  private Arrival arrival(UaCall atPhone) {
    String callId = Telephones.callId(atPhone);
    CallState.Begun call = exchange.market().awaitPhase(callId, CallState.Connected.class);
    return call.offered().trace().arrival().orElseThrow();
  }

  /** RFC 3261 8.1.3.4, as far as it is the carrier's own network. */
  @Test
  @Tag("rule:TEL-3")
  void a_carrier_may_redirect_to_a_gateway_of_its_own_and_to_nobody_else() {
    exchange.market().agentAbroad("bob", ABROAD, 100);
    String inside = "<sip:+13105550100@127.0.0.1:" + first.port() + ">;q=0.5";
    String outside = "<sip:+8821600000@127.0.0.1:" + second.port() + ">;q=1.0";
    first.phone("+" + ABROAD, call -> call.redirect(outside + ", " + inside));
    first.phone(
        "+13105550100",
        AnswerPlan.answering(first.agent.loop(), 20, () -> CallMedia.none("127.0.0.1", 9_002)));
    second.phone("+8821600000", AnswerPlan.refusing(second.agent.loop(), 486));
    trunk("best", "PLUS", null, 0, first.target());
    UaCall call = exchange.phones().call();
    assertThat(Telephones.within(call.answered())).isTrue();
    assertThat(first.rung)
        .extracting(rung -> rung.line().identity().user())
        .containsExactly("+" + ABROAD, "+13105550100");
    assertThat(second.rung).as("it would be paid for, wherever that is").isEmpty();
    call.hangUp();
    Telephones.within(first.rung.getLast().ended());
  }

  @Test
  @Tag("rule:TEL-3")
  void a_busy_party_abroad_is_final() {
    exchange.market().agentAbroad("bob", ABROAD, 100);
    first.phone("+" + ABROAD, AnswerPlan.refusing(first.agent.loop(), 486));
    second.phone("+" + ABROAD, AnswerPlan.refusing(second.agent.loop(), 486));
    trunk("best", "PLUS", null, 0, first.target(), second.target());
    UaCall call = exchange.phones().call();
    assertThat(Telephones.within(call.ended()).status()).isEqualTo(480);
    assertThat(first.rung).hasSize(1);
    assertThat(second.rung).isEmpty();
  }
}
