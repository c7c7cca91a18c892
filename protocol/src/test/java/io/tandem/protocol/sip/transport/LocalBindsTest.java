package io.tandem.protocol.sip.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import org.junit.jupiter.api.Test;

class LocalBindsTest {
  private static final Bind LOOPBACK = Bind.udp("127.0.0.1", 5060);
  private static final Bind OUTSIDE = Bind.udp("192.0.2.1", 5060);
  private static final Bind WILDCARD = Bind.udp("0.0.0.0", 5070);
  private static final Bind SIX = Bind.udp("2001:db8::1", 5060);
  private static final Bind TCP = Bind.tcp("192.0.2.1", 5060);

  @Test
  void the_only_socket_of_the_family_faces_everybody_in_it() {
    LocalBinds binds = routedOver("203.0.113.1", LOOPBACK, SIX, TCP);

    assertThat(binds.facing(TransportProtocol.UDP, ip("198.51.100.1"))).contains(LOOPBACK);
    assertThat(binds.facing(TransportProtocol.UDP, ip("2001:db8::9"))).contains(SIX);
    assertThat(binds.facing(TransportProtocol.TCP, ip("198.51.100.1"))).contains(TCP);
    assertThat(binds.facing(TransportProtocol.TCP, ip("2001:db8::9"))).isEmpty();
  }

  @Test
  void among_several_the_route_decides_then_the_wildcard_then_the_order() {
    InetAddress peer = ip("198.51.100.1");

    assertThat(routedOver("192.0.2.1", LOOPBACK, OUTSIDE).facing(TransportProtocol.UDP, peer))
        .contains(OUTSIDE);
    assertThat(routedOver("192.0.2.2", LOOPBACK, WILDCARD).facing(TransportProtocol.UDP, peer))
        .contains(WILDCARD);
    assertThat(routedOver("192.0.2.2", LOOPBACK, OUTSIDE).facing(TransportProtocol.UDP, peer))
        .contains(LOOPBACK);
  }

  @Test
  void a_wildcard_shows_the_address_that_packets_leave_from_unless_another_is_advertised() {
    InetAddress peer = ip("198.51.100.1");
    LocalBinds binds = routedOver("192.0.2.2", WILDCARD);
    Bind advertised =
        new Bind(TransportProtocol.UDP, new InetSocketAddress("0.0.0.0", 5070), "sip.example");

    assertThat(binds.shownTo(peer, WILDCARD).sentByHost()).isEqualTo("192.0.2.2");
    assertThat(binds.shownTo(peer, WILDCARD).address().getPort()).isEqualTo(5070);
    assertThat(binds.shownTo(peer, advertised).sentByHost()).isEqualTo("sip.example");
    assertThat(binds.shownTo(peer, SIX).sentByHost()).isEqualTo("[2001:db8::1]");
  }

  @Test
  void the_kernel_knows_the_way_to_ourselves() {
    LocalBinds binds = new LocalBinds(List.of(WILDCARD));

    assertThat(binds.shownTo(ip("127.0.0.1"), WILDCARD).sentByHost()).isEqualTo("127.0.0.1");
  }

  private static LocalBinds routedOver(String address, Bind... binds) {
    return new LocalBinds(List.of(binds), peer -> ip(address));
  }

  private static InetAddress ip(String literal) {
    return Destination.literal(literal).orElseThrow();
  }
}
