package io.tandem.protocol.sip.resolve;

import static io.tandem.protocol.sip.transport.TransportProtocol.TCP;
import static io.tandem.protocol.sip.transport.TransportProtocol.TLS;
import static io.tandem.protocol.sip.transport.TransportProtocol.UDP;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.NetUtil;
import io.tandem.protocol.sip.message.SipUri;
import io.tandem.protocol.sip.resolve.Dns.Kind;
import io.tandem.protocol.sip.transport.Destination;
import io.tandem.protocol.sip.transport.TransportProtocol;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The steps of RFC 3263 section 4, with the domains of its examples. */
class ServerLocatorTest {
  private final Map<Dns.Question, Dns.Answer> zone = new HashMap<>();
  private final List<Dns.Question> asked = new ArrayList<>();
  private final Dns dns =
      (question, then) -> {
        asked.add(question);
        then.accept(zone.getOrDefault(question, new Dns.Nothing(60)));
      };
  private List<TransportProtocol> spoken = List.of(UDP, TCP, TLS);
  private boolean six;

  private void says(Kind kind, String name, Dns.Entry... entries) {
    zone.put(new Dns.Question(kind, name), new Dns.Found(List.of(entries), 300));
  }

  private static Dns.Address address(String text) {
    return new Dns.Address(NetUtil.createInetAddressFromIpAddressString(text));
  }

  private Located locate(String uri) {
    asked.clear();
    AtomicReference<@Nullable Located> found = new AtomicReference<>();
    new ServerLocator(dns, spoken, six).locate(SipUri.of(uri), found::set);
    Located told = found.get();
    assertThat(told).isNotNull();
    return told;
  }

  private List<Destination> servers(String uri) {
    return locate(uri) instanceof Located.Servers some
        ? some.servers().stream().map(Located.Server::destination).toList()
        : List.of();
  }

  private static Destination to(TransportProtocol protocol, String host, int port, String name) {
    return new Destination(
        protocol,
        new InetSocketAddress(NetUtil.createInetAddressFromIpAddressString(host), port),
        name);
  }

  private void example() {
    says(
        Kind.NAPTR,
        "example.com",
        new Dns.Naptr(100, 50, "s", "SIP+D2U", "_sip._udp.example.com"),
        new Dns.Naptr(90, 50, "s", "SIP+D2T", "_sip._tcp.example.com"),
        new Dns.Naptr(50, 50, "s", "SIPS+D2T", "_sips._tcp.example.com"));
    says(
        Kind.SRV,
        "_sip._tcp.example.com",
        new Dns.Srv(1, 1, 5060, "server2.example.com"),
        new Dns.Srv(0, 1, 5062, "server1.example.com"));
    says(Kind.SRV, "_sips._tcp.example.com", new Dns.Srv(0, 0, 5443, "server1.example.com"));
    says(Kind.SRV, "_sip._udp.example.com", new Dns.Srv(0, 0, 5060, "server1.example.com"));
    says(Kind.A, "server1.example.com", address("192.0.2.1"));
    says(Kind.A, "server2.example.com", address("192.0.2.2"));
    says(Kind.A, "example.com", address("192.0.2.9"));
  }

  @Test
  void an_address_is_itself_and_nobody_is_asked() {
    assertThat(servers("sip:192.0.2.7")).containsExactly(to(UDP, "192.0.2.7", 5060, null));
    assertThat(servers("sips:192.0.2.7")).containsExactly(to(TLS, "192.0.2.7", 5061, null));
    assertThat(servers("sip:[2001:db8::1]:5070;transport=tcp"))
        .containsExactly(to(TCP, "2001:db8::1", 5070, null));
    assertThat(servers("sips:sbc.example.com;maddr=192.0.2.1"))
        .as("maddr is where, the host is who")
        .containsExactly(to(TLS, "192.0.2.1", 5061, "sbc.example.com"));
    assertThat(asked).isEmpty();
  }

  @Test
  void the_domain_says_by_naptr_which_transport_it_likes_best_and_srv_says_where() {
    example();
    assertThat(servers("sip:example.com"))
        .as("what a TLS server proves is the name of the URI (RFC 5922)")
        .containsExactly(to(TLS, "192.0.2.1", 5443, "example.com"));
    spoken = List.of(UDP, TCP);
    assertThat(servers("sip:example.com"))
        .containsExactly(
            to(TCP, "192.0.2.1", 5062, "example.com"), to(TCP, "192.0.2.2", 5060, "example.com"));
  }

  @Test
  void a_sips_uri_is_reached_over_tls_or_not_at_all() {
    example();
    assertThat(servers("sips:example.com"))
        .containsExactly(to(TLS, "192.0.2.1", 5443, "example.com"));
    spoken = List.of(UDP, TCP);
    assertThat(locate("sips:example.com")).isInstanceOf(Located.Nowhere.class);
  }

  @Test
  void a_uri_that_names_its_transport_asks_no_naptr() {
    example();
    assertThat(servers("sip:example.com;transport=udp"))
        .containsExactly(to(UDP, "192.0.2.1", 5060, "example.com"));
    assertThat(asked).noneMatch(question -> question.kind() == Kind.NAPTR);
    assertThat(locate("sip:example.com;transport=ws")).isInstanceOf(Located.Nowhere.class);
    assertThat(locate("sip:example.com;transport=sctp")).isInstanceOf(Located.Nowhere.class);
  }

  @Test
  void a_uri_with_a_port_is_looked_up_by_address_alone() {
    example();
    assertThat(servers("sip:example.com:5090"))
        .containsExactly(to(UDP, "192.0.2.9", 5090, "example.com"));
    assertThat(asked).containsExactly(new Dns.Question(Kind.A, "example.com"));
  }

  @Test
  void without_naptr_each_transport_is_tried_by_srv_then_the_host_itself() {
    example();
    zone.remove(new Dns.Question(Kind.NAPTR, "example.com"));
    assertThat(servers("sip:example.com"))
        .containsExactly(to(UDP, "192.0.2.1", 5060, "example.com"));
    zone.keySet().removeIf(question -> question.kind() == Kind.SRV);
    assertThat(servers("sip:example.com"))
        .containsExactly(to(UDP, "192.0.2.9", 5060, "example.com"));
    assertThat(asked)
        .extracting(Dns.Question::name)
        .containsExactly(
            "example.com",
            "_sip._udp.example.com",
            "_sip._tcp.example.com",
            "_sips._tcp.example.com",
            "example.com");
    assertThat(servers("sips:example.com"))
        .containsExactly(to(TLS, "192.0.2.9", 5061, "example.com"));
  }

  @Test
  void rules_that_are_no_services_of_ours_are_passed_over() {
    example();
    says(
        Kind.NAPTR,
        "example.com",
        new Dns.Naptr(1, 1, "u", "E2U+sip", ""),
        new Dns.Naptr(2, 1, "s", "SIP+D2S", "_sip._sctp.example.com"),
        new Dns.Naptr(3, 2, "s", "SIP+D2T", "_sip._tcp.example.com"),
        new Dns.Naptr(3, 1, "S", "sip+d2u", "_sip._udp.example.com"));
    assertThat(servers("sip:example.com"))
        .containsExactly(to(UDP, "192.0.2.1", 5060, "example.com"));
  }

  @Test
  void a_service_that_is_not_offered_is_not_looked_for_elsewhere() {
    example();
    says(Kind.SRV, "_sip._udp.example.com", new Dns.Srv(0, 0, 0, ""));
    assertThat(locate("sip:example.com;transport=udp")).isEqualTo(new Located.Nowhere(300));
  }

  @Test
  void a_server_without_an_address_does_not_take_the_others_with_it() {
    example();
    spoken = List.of(TCP);
    zone.remove(new Dns.Question(Kind.A, "server1.example.com"));
    assertThat(locate("sip:example.com"))
        .isEqualTo(
            new Located.Servers(
                List.of(new Located.Server(to(TCP, "192.0.2.2", 5060, "example.com"), 1, 1)), 60));
  }

  @Test
  void ipv6_is_asked_for_where_it_is_spoken_and_comes_second() {
    says(Kind.A, "host.test", address("192.0.2.1"));
    says(Kind.AAAA, "host.test", address("2001:db8::1"));
    assertThat(servers("sip:host.test:5060")).hasSize(1);
    six = true;
    assertThat(servers("sip:host.test:5060"))
        .containsExactly(
            to(UDP, "192.0.2.1", 5060, "host.test"), to(UDP, "2001:db8::1", 5060, "host.test"));
  }

  @Test
  void that_nobody_could_say_is_something_else_than_nowhere() {
    zone.put(new Dns.Question(Kind.NAPTR, "example.com"), new Dns.Failed("away"));
    assertThat(locate("sip:example.com")).isEqualTo(new Located.Unknown("away"));
    assertThat(locate("sip:nobody.test")).isEqualTo(new Located.Nowhere(60));
    example();
    zone.put(new Dns.Question(Kind.A, "server1.example.com"), new Dns.Failed("away"));
    spoken = List.of(TCP);
    assertThat(locate("sip:example.com"))
        .as("what is known is used, and asked again soon")
        .isInstanceOfSatisfying(
            Located.Servers.class, some -> assertThat(some.ttlSeconds()).isEqualTo(10));
  }
}
