package io.tandem.ops.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import io.tandem.node.boot.Node;
import io.tandem.node.boot.NodeParts;
import io.tandem.node.boot.Settings;
import io.tandem.node.system.Market;
import io.tandem.node.system.Telephones;
import io.tandem.ops.house.NeedsPeer;
import io.tandem.persistence.call.CallState;
import io.tandem.persistence.money.Money;
import io.tandem.protocol.sip.transport.TransportProtocol;
import io.tandem.protocol.sip.transport.tls.TestAuthority;
import io.tandem.protocol.sip.transport.tls.TlsSettings;
import io.tandem.protocol.sip.ua.UaCall;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** baresip as an agent's phone over TLS, that hands its caller on. */
class BaresipTransferTest {
  private static final String HOST = "127.0.0.1";
  private static final int PATIENCE_SECONDS = 30;

  @TempDir Path directory;

  @Test
  @NeedsPeer("baresip")
  @Tag("rule:TEL-1")
  @Tag("rule:TEL-11")
  void a_phone_over_tls_takes_a_call_and_transfers_it_to_a_colleague() throws Exception {
    TestAuthority authority = new TestAuthority(directory, "authority");
    TlsSettings.Pair pair = authority.sign("node", "ip:" + HOST);
    Settings settings =
        Settings.of(
            ConfigFactory.parseString(
                """
                tandem.node.roles = [edge, control]
                tandem.node.directory = "%s"
                tandem.sip.port = 0
                tandem.sip.tls.port = 0
                tandem.sip.tls.certificates = ["%s %s"]
                tandem.rtp.ports = "30400-30499"
                """
                    .formatted(directory.resolve("data"), pair.chain(), pair.key())));
    try (Node node = Node.start(settings, NodeParts.REAL);
        Telephones phones = new Telephones(node.edge().orElseThrow().sipAddress())) {
      Market market = new Market(node, 90_000, Money.ofUnits(25, "USD"));
      market.agent("anna", 100);
      market.onlyMd5("anna");
      market.colleague("bert", "anna");
      phones.phone("bert");
      var tls = node.edge().orElseThrow().sipAddress(TransportProtocol.TLS);
      try (Baresip anna =
          Baresip.overTls(directory.resolve("anna"), tls, "anna", authority.certificate())) {
        awaitSaid(anna, "200 OK");
        UaCall caller = phones.call();
        assertThat(Telephones.within(caller.answered())).as(anna.log()).isTrue();
        anna.transfer("sip:bert@" + HOST);
        UaCall bert = phones.awaitRung(1);
        assertThat(Telephones.within(bert.answered())).as(anna.log()).isTrue();
        awaitSaid(anna, "Reason: SIP ;cause=200 ;text=\"transferred\"");
        assertThat(anna.log())
            .contains("Refer-To: sip:bert@" + HOST, "Subscription-State: terminated;");
        assertThat(caller.state()).isEqualTo(UaCall.State.ANSWERED);
        bert.hangUp();
        assertThat(Telephones.within(caller.ended()).answered()).isTrue();
        var ended = market.awaitPhase(Telephones.callId(bert), CallState.Ended.class);
        assertThat(ended.bridged()).isNotNull();
      }
    }
  }

  private static void awaitSaid(Baresip phone, String words) {
    try {
      Books.await(words, PATIENCE_SECONDS, () -> phone.log().contains(words));
    } catch (AssertionError never) {
      throw new AssertionError(never.getMessage() + '\n' + phone.log());
    }
  }
}
