package io.tandem.ops.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import io.tandem.node.agent.AgentCommand;
import io.tandem.node.boot.Node;
import io.tandem.node.boot.NodeParts;
import io.tandem.node.boot.Settings;
import io.tandem.node.system.Market;
import io.tandem.node.system.Telephones;
import io.tandem.node.trunk.TrunkCommand;
import io.tandem.node.trunk.TrunkReply;
import io.tandem.ops.house.NeedsPeer;
import io.tandem.persistence.journal.DataClass;
import io.tandem.persistence.journal.Personal;
import io.tandem.persistence.money.Money;
import io.tandem.persistence.trunk.TrunkTerms;
import io.tandem.protocol.sip.message.SipRequest;
import io.tandem.protocol.sip.message.SipUri;
import io.tandem.protocol.sip.transport.Bind;
import io.tandem.protocol.sip.transport.Destination;
import io.tandem.protocol.sip.transport.SipTransport;
import io.tandem.protocol.sip.transport.TransportProtocol;
import io.tandem.protocol.sip.transport.TransportSettings;
import io.tandem.protocol.sip.transport.tls.TestAuthority;
import io.tandem.protocol.sip.transport.tls.TlsSettings;
import io.tandem.protocol.sip.ua.AnswerPlan;
import io.tandem.protocol.sip.ua.CallMedia;
import io.tandem.protocol.sip.ua.UaCall;
import io.tandem.protocol.sip.ua.UaIdentity;
import io.tandem.protocol.sip.ua.UserAgent;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Kamailio as a carrier: we register there, and calls go both ways through it. */
class KamailioTrunkTest {
  private static final String HOST = "127.0.0.1";
  private static final String ABROAD = "13105550199";

  @TempDir Path directory;

  private Node node;
  private Market market;
  private Telephones phones;
  private SipTransport abroad;
  private UserAgent public_;
  private Kamailio kamailio;
  private final List<UaCall> rung = new CopyOnWriteArrayList<>();

  @BeforeEach
  void start() throws Exception {
    abroad = new SipTransport(TransportSettings.listeningOn(Bind.udp(HOST, 0)));
    public_ = UserAgent.start(abroad);
  }

  private int phonePort() {
    return abroad.listening().getFirst().address().getPort();
  }

  private void overUdp() throws IOException {
    kamailio = Kamailio.start(directory, phonePort());
    registered("sip:" + HOST + ":" + kamailio.port(), "");
  }

  private void overTls() throws IOException {
    TestAuthority authority = new TestAuthority(directory, "ca");
    kamailio = Kamailio.overTls(directory, phonePort(), authority.sign("kamailio", "ip:" + HOST));
    TlsSettings.Pair own = authority.sign("own", "ip:" + HOST);
    registered(
        "sip:" + HOST + ":" + kamailio.tlsPort() + ";transport=tls",
        """
        tandem.sip.tls { port = 0, certificates = ["%s %s"], trusted = "%s" }
        """
            .formatted(own.chain(), own.key(), authority.certificate()));
  }

  private void registered(String target, String more) {
    Settings settings =
        Settings.of(
            ConfigFactory.parseString(more)
                .withFallback(
                    ConfigFactory.parseString(
                        """
                        tandem.node.roles = [edge, control]
                        tandem.node.directory = "%s"
                        tandem.sip.port = 0
                        tandem.rtp.ports = "30200-30299"
                        """
                            .formatted(directory.resolve("node")))));
    node = Node.start(settings, NodeParts.REAL);
    market = new Market(node, 90_000, Money.ofUnits(25, "USD"));
    phones = new Telephones(node.edge().orElseThrow().sipAddress());
    market.ask("trunk", "kamailio", new TrunkCommand.Define(terms(target)));
    Market.await("we are registered there", this::isRegistered);
  }

  @AfterEach
  void stop() {
    phones.close();
    node.close();
    kamailio.close();
    abroad.close();
  }

  private static TrunkTerms terms(String target) {
    return new TrunkTerms(
        List.of(target),
        new TrunkTerms.Login(
            Kamailio.USER,
            Personal.of("trunk:kamailio", DataClass.SECRET, Kamailio.PASSWORD),
            600,
            ""),
        List.of(),
        List.of(),
        10,
        10,
        List.of(),
        new TrunkTerms.Numbers("PLUS", "", "", "", ""),
        List.of(new TrunkTerms.Route("", 0)));
  }

  private boolean isRegistered() {
    CompletableFuture<Boolean> answer = new CompletableFuture<>();
    var edge = node.edge().orElseThrow().edge();
    edge.onLoop(() -> answer.complete(edge.carriers().isRegistered("kamailio")));
    return answer.join();
  }

  @Test
  @NeedsPeer("kamailio")
  @Tag("rule:TEL-3")
  @Tag("rule:TEL-11")
  void a_call_from_the_public_network_is_held_dialled_into_and_transferred_through_it()
      throws IOException {
    overUdp();
    comesIn();
  }

  @Test
  @NeedsPeer("kamailio")
  @Tag("rule:TEL-3")
  void the_same_over_tls() throws IOException {
    Assumptions.assumeTrue(Kamailio.speaksTls(), "needs peer: kamailio-tls-modules");
    overTls();
    comesIn();
    market.ask("agent", "anna", new AgentCommand.GoOffline("lunch"));
    Market.await(
        "anna is away",
        () -> node.directory().agent("anna").filter(agent -> !agent.online()).isPresent());
    goesOut();
  }

  private void comesIn() {
    market.agent("anna", 100);
    phones.phone("anna");
    UaCall call =
        public_
            .line(new UaIdentity("+12125550123", HOST, null, null, carrier()), c -> c.refuse(486))
            .call(
                SipUri.sip("+" + Market.NUMBER, HOST, kamailio.port()),
                CallMedia.none(HOST, 9_000));
    assertThat(Telephones.within(call.answered())).isTrue();
    UaCall agent = phones.rung().getFirst();
    assertThat(agent.invite().from().uri().user()).isEqualTo("+12125550123");
    assertThat(running()).isEqualTo(1);
    isHeldBothWays(call, agent);
    keysPass(call, agent, "Signal=1\r\n");
    keysPass(agent, call, "Signal=#\r\n");
    UaCall bert = transferred(call, agent);
    isHeldBothWays(call, bert);
    call.hangUp();
    Telephones.within(bert.ended());
    Market.await("its count came back", () -> running() == 0);
  }

  private static void isHeldBothWays(UaCall call, UaCall agent) {
    for (List<UaCall> pair : List.of(List.of(call, agent), List.of(agent, call))) {
      assertThat(Telephones.within(pair.getFirst().hold()).status()).isEqualTo(200);
      assertThat(lastOf(pair.getLast(), SipRequest.INVITE)).contains("a=sendonly");
      assertThat(Telephones.within(pair.getFirst().resume()).status()).isEqualTo(200);
      assertThat(lastOf(pair.getLast(), SipRequest.INVITE)).doesNotContain("a=sendonly");
    }
  }

  private static void keysPass(UaCall from, UaCall to, String keys) {
    assertThat(
            Telephones.within(from.request(SipRequest.INFO, "application/dtmf-relay", keys))
                .status())
        .isEqualTo(200);
    assertThat(lastOf(to, SipRequest.INFO)).isEqualTo(keys);
  }

  private static String lastOf(UaCall side, String method) {
    return side.heard().stream()
        .filter(request -> request.is(method))
        .toList()
        .getLast()
        .bodyText();
  }

  /** The agent hands the caller on; the caller is shown its new partner through the carrier. */
  private UaCall transferred(UaCall call, UaCall agent) {
    market.colleague("bert", "anna");
    phones.phone("bert");
    int before = call.heard().size();
    assertThat(Telephones.within(agent.refer("<sip:bert@" + HOST + ">")).status()).isEqualTo(202);
    UaCall bert = phones.awaitRung(2);
    assertThat(Telephones.within(bert.answered())).isTrue();
    Telephones.within(agent.ended());
    Market.await(
        "the caller is shown its new partner",
        () ->
            call.heard().stream().skip(before).anyMatch(request -> request.is(SipRequest.INVITE)));
    assertThat(call.state()).isEqualTo(UaCall.State.ANSWERED);
    return bert;
  }

  private Destination carrier() {
    return new Destination(TransportProtocol.UDP, new InetSocketAddress(HOST, kamailio.port()));
  }

  private int running() {
    return ((TrunkReply.View) market.ask("trunk", "kamailio", new TrunkCommand.Read()))
        .state()
        .admissions()
        .size();
  }

  @Test
  @NeedsPeer("kamailio")
  @Tag("rule:TEL-3")
  void a_call_to_an_agent_abroad_answers_its_challenge_and_is_ended_from_there()
      throws IOException {
    overUdp();
    goesOut();
  }

  private void goesOut() {
    market.agentAbroad("bob", ABROAD, 100);
    var unused =
        public_.line(
            new UaIdentity("+" + ABROAD, HOST, null, null, carrier()),
            call -> {
              rung.add(call);
              AnswerPlan.answering(public_.loop(), 20, () -> CallMedia.none(HOST, 9_002))
                  .onCall(call);
            });
    UaCall call = phones.call();
    assertThat(Telephones.within(call.answered())).isTrue();
    UaCall there = rung.getFirst();
    assertThat(there.invite().header("X-Tandem-Price")).isNull();
    assertThat(there.invite().header("Proxy-Authorization")).as("consumed").isNull();
    there.hangUp();
    Telephones.within(call.ended());
    Market.await("its count came back", () -> running() == 0);
  }
}
