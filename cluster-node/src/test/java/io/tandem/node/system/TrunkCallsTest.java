package io.tandem.node.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.node.account.AccountCommand;
import io.tandem.node.agent.AgentCommand;
import io.tandem.node.trunk.TrunkCommand;
import io.tandem.node.trunk.TrunkReply;
import io.tandem.node.wallet.WalletCommand;
import io.tandem.persistence.journal.DataClass;
import io.tandem.persistence.journal.Personal;
import io.tandem.persistence.journal.TimedId;
import io.tandem.persistence.money.Money;
import io.tandem.persistence.trunk.TrunkTerms;
import io.tandem.protocol.sip.message.SipUri;
import io.tandem.protocol.sip.transport.Bind;
import io.tandem.protocol.sip.transport.Destination;
import io.tandem.protocol.sip.transport.SipTransport;
import io.tandem.protocol.sip.transport.TransportProtocol;
import io.tandem.protocol.sip.transport.TransportSettings;
import io.tandem.protocol.sip.ua.AnswerPlan;
import io.tandem.protocol.sip.ua.CallHandler;
import io.tandem.protocol.sip.ua.CallMedia;
import io.tandem.protocol.sip.ua.UaCall;
import io.tandem.protocol.sip.ua.UaIdentity;
import io.tandem.protocol.sip.ua.UserAgent;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.List;
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

  @TempDir Path directory;

  private Exchange exchange;
  private Carrier first;
  private Carrier second;

  /** A network with one phone in it. */
  private static final class Carrier implements AutoCloseable {
    final SipTransport transport =
        new SipTransport(TransportSettings.listeningOn(Bind.udp("127.0.0.1", 0)));
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

    UaCall call(String from, String to, int port) {
      return agent
          .line(new UaIdentity(from, "127.0.0.1", null, null, node(port)), call -> call.refuse(486))
          .call(SipUri.sip(to, "127.0.0.1", port), CallMedia.none("127.0.0.1", 9_000));
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
  void start() {
    exchange = Exchange.open(directory);
    first = new Carrier();
    second = new Carrier();
  }

  @AfterEach
  void stop() {
    first.close();
    second.close();
    exchange.close();
  }

  private int sip() {
    return exchange.node().edge().orElseThrow().sipAddress().getPort();
  }

  private void trunk(
      String id, String style, @Nullable Integer concurrent, int rank, String... to) {
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
                && usable.value() == to.length);
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

  /** An agent who is reached over the public network. */
  private void agentAbroad(String name) {
    Personal<String> person = Personal.of("person:" + name, DataClass.CONTACT, name);
    String account = "acct-" + name;
    Market market = exchange.market();
    market.ask(
        "account",
        account,
        new AccountCommand.Create(person, "USD", ZoneId.of("America/New_York")));
    market.ask(
        "agent",
        name,
        new AgentCommand.Create(
            account, person, "+" + ABROAD, Market.bidding(Exchange.PRICE, 1, 1)));
    market.ask("agent", name, new AgentCommand.FileLicence(Market.licence("NY")));
    market.ask("agent", name, new AgentCommand.GoOnline());
    market.ask(
        "wallet",
        account + ":USD",
        new WalletCommand.Deposit(
            TimedId.next("dep"), Money.ofUnits(100, "USD"), "operator", "test"));
    Market.await(
        "the agent can be called",
        () ->
            exchange.node().directory().agent(name).filter(agent -> agent.online()).isPresent()
                && exchange.node().directory().wallet(account, "USD").isPresent());
  }

  @Test
  @Tag("rule:TEL-3")
  void a_call_out_goes_to_the_next_carrier_after_a_failure_and_shows_no_price_there() {
    agentAbroad("bob");
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
  void a_busy_party_abroad_is_final() {
    agentAbroad("bob");
    first.phone("+" + ABROAD, AnswerPlan.refusing(first.agent.loop(), 486));
    second.phone("+" + ABROAD, AnswerPlan.refusing(second.agent.loop(), 486));
    trunk("best", "PLUS", null, 0, first.target(), second.target());
    UaCall call = exchange.phones().call();
    assertThat(Telephones.within(call.ended()).status()).isEqualTo(480);
    assertThat(first.rung).hasSize(1);
    assertThat(second.rung).isEmpty();
  }
}
