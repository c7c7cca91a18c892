package io.tandem.node.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.node.trunk.TrunkCommand;
import io.tandem.node.trunk.TrunkReply;
import io.tandem.persistence.call.Arrival;
import io.tandem.persistence.call.CallState;
import io.tandem.persistence.journal.DataClass;
import io.tandem.persistence.journal.Personal;
import io.tandem.persistence.trunk.TrunkTerms;
import io.tandem.protocol.sip.message.HeaderField;
import io.tandem.protocol.sip.message.SipUri;
import io.tandem.protocol.sip.transport.Bind;
import io.tandem.protocol.sip.transport.Destination;
import io.tandem.protocol.sip.transport.TransportProtocol;
import io.tandem.protocol.sip.transport.TransportSettings;
import io.tandem.protocol.sip.transport.tls.TestAuthority;
import io.tandem.protocol.sip.transport.tls.TlsSettings;
import io.tandem.protocol.sip.ua.CallMedia;
import io.tandem.protocol.sip.ua.UaCall;
import io.tandem.protocol.sip.ua.UaIdentity;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Where only trunks may call: who proves to be one, by what it shows in TLS or by its password, and
 * who does not. Addresses prove nothing here: all come from the same one.
 */
class TrunkIdentityTest {
  private static final String HOST = "127.0.0.1";
  private static final String SECRET = "a-carriers-password";

  @TempDir Path directory;

  @Test
  @Tag("rule:TEL-3")
  @Tag("rule:PRV-5")
  void a_trunk_is_known_by_its_certificate_or_its_password_and_nobody_else_is_let_in() {
    TestAuthority authority = new TestAuthority(directory, "authority");
    var settings =
        Exchange.settings(
            directory,
            "tandem.sip.callers = known",
            "tandem.sip.tls.port = 0",
            "tandem.sip.tls.client-certificates = wanted",
            "tandem.sip.tls.trusted = \"" + authority.certificate() + "\"",
            authority.nodeSetting());
    try (Exchange exchange = Exchange.open(settings, UnaryOperator.identity(), Market.oneByOne())) {
      exchange.market().agent("anna", 1_000, 5);
      exchange.phones().phone("anna");
      trunk(exchange, "by-certificate", null, List.of("sbc.carrier.test"));
      trunk(
          exchange,
          "by-password",
          new TrunkTerms.Login(
              "carrier-b", Personal.of("trunk:by-password", DataClass.SECRET, SECRET), 0, ""),
          List.of());

      refused(exchange, exchange.phones(), "12125550123", null, 407);
      refused(exchange, exchange.phones(), "carrier-b", "a guess", 407);
      refused(exchange, exchange.phones(), "carrier-c", SECRET, 407);
      known(exchange, exchange.phones(), "carrier-b", SECRET, "by-password");

      try (Telephones another = overTls(exchange, authority, "dns:other.carrier.test")) {
        refused(exchange, another, "12125550123", null, 407);
      }
      try (Telephones carrier = overTls(exchange, authority, "dns:sbc.carrier.test")) {
        known(exchange, carrier, "12125550123", null, "by-certificate");
      }
    }
  }

  /** Calls of somebody who shows a certificate of the authority in the name of that one. */
  private static Telephones overTls(Exchange exchange, TestAuthority authority, String name) {
    InetSocketAddress local = new InetSocketAddress(HOST, 0);
    TlsSettings shown = authority.client(name.replace(':', '-'), name);
    InetSocketAddress node = exchange.node().edge().orElseThrow().sipAddress(TransportProtocol.TLS);
    return new Telephones(
        TransportSettings.listeningOn(new Bind(TransportProtocol.TLS, local)).withTls(shown),
        new Destination(TransportProtocol.TLS, node));
  }

  private static UaCall call(
      Exchange exchange, Telephones from, String user, @Nullable String password) {
    InetSocketAddress udp = exchange.node().edge().orElseThrow().sipAddress();
    return from.agent()
        .line(new UaIdentity(user, HOST, null, password, from.node()), call -> call.refuse(486))
        .call(
            SipUri.sip(Market.NUMBER, HOST, udp.getPort()),
            CallMedia.none(HOST, 9_000),
            List.of(HeaderField.of("P-Asserted-Identity", "<sip:+12125550123@carrier.test>")));
  }

  private static void refused(
      Exchange exchange, Telephones from, String user, @Nullable String password, int status) {
    assertThat(Telephones.within(call(exchange, from, user, password).ended()).status())
        .as(user)
        .isEqualTo(status);
    assertThat(running(exchange, "by-certificate")).isZero();
    assertThat(running(exchange, "by-password")).isZero();
  }

  private static void known(
      Exchange exchange, Telephones from, String user, @Nullable String password, String trunk) {
    UaCall call = call(exchange, from, user, password);
    assertThat(Telephones.within(call.answered())).as(trunk).isTrue();
    assertThat(running(exchange, trunk)).isEqualTo(1);
    CallState.Begun stored =
        exchange
            .market()
            .awaitPhase(
                Telephones.callId(exchange.phones().rung().getLast()), CallState.Connected.class);
    assertThat(stored.offered().caller().value())
        .as("the number that the trunk asserts")
        .contains("12125550123");
    assertThat(stored.offered().trace().arrival())
        .contains(new Arrival(trunk, "No-TN-Validation", "", ""));
    call.hangUp();
    Market.await("the count came back", () -> running(exchange, trunk) == 0);
  }

  /** Nothing of it says where it calls from. */
  private static void trunk(
      Exchange exchange, String id, TrunkTerms.@Nullable Login login, List<String> certificates) {
    TrunkTerms terms =
        new TrunkTerms(
            List.of("sip:127.0.0.9:5090"),
            login,
            List.of(),
            certificates,
            null,
            1,
            List.of(),
            new TrunkTerms.Numbers("PLUS", "1", "", "011", ""),
            List.of());
    assertThat(exchange.market().ask("trunk", id, new TrunkCommand.Define(terms)))
        .isInstanceOf(TrunkReply.Done.class);
    Market.await(
        "the edge knows the trunk",
        () ->
            exchange.node().meters().find("tandem.trunk.targets.usable").tag("trunk", id).gauge()
                != null);
  }

  private static int running(Exchange exchange, String trunk) {
    return ((TrunkReply.View) exchange.market().ask("trunk", trunk, new TrunkCommand.Read()))
        .state()
        .admissions()
        .size();
  }
}
