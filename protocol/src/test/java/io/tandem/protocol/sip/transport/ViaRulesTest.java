package io.tandem.protocol.sip.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.protocol.sip.message.Params;
import io.tandem.protocol.sip.message.Via;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;

class ViaRulesTest {
  private static final InetSocketAddress SOURCE = new InetSocketAddress("192.0.2.7", 4711);

  @Test
  void a_via_that_names_its_source_stays_as_it_is() {
    Via via = via("192.0.2.7", 5060, Params.of("branch", "z9hG4bK1"));

    assertThat(ViaRules.seen(via, SOURCE)).isSameAs(via);
  }

  @Test
  void a_via_that_names_another_host_is_marked_with_the_source_address() {
    Via seen = ViaRules.seen(via("phone.example", 5062, Params.NONE), SOURCE);

    assertThat(seen.received()).isEqualTo("192.0.2.7");
    assertThat(seen.rport()).isEqualTo(-1);
    assertThat(reply(seen)).isEqualTo(new InetSocketAddress("192.0.2.7", 5062));
  }

  @Test
  void rport_is_filled_in_and_followed() {
    Via seen = ViaRules.seen(via("10.0.0.1", 5060, Params.of("rport", null)), SOURCE);

    assertThat(seen.rport()).isEqualTo(4711);
    assertThat(reply(seen)).isEqualTo(SOURCE);
  }

  @Test
  void a_received_that_the_sender_made_up_is_overwritten() {
    Via seen = ViaRules.seen(via("192.0.2.7", -1, Params.of("received", "203.0.113.1")), SOURCE);

    assertThat(reply(seen)).isEqualTo(new InetSocketAddress("192.0.2.7", 5060));
  }

  @Test
  void a_maddr_is_followed_to_a_group_and_to_nobody_else() {
    Via group = ViaRules.seen(via("192.0.2.7", -1, Params.of("maddr", "224.0.1.75")), SOURCE);
    Via victim = ViaRules.seen(via("192.0.2.7", -1, Params.of("maddr", "203.0.113.1")), SOURCE);

    assertThat(reply(group)).isEqualTo(new InetSocketAddress("224.0.1.75", 5060));
    assertThat(reply(victim)).isEqualTo(new InetSocketAddress("192.0.2.7", 5060));
  }

  @Test
  void ipv6_is_compared_as_an_address_and_written_without_brackets() {
    InetSocketAddress source = new InetSocketAddress("2001:db8::7", 4711);
    Via same = via("[2001:DB8:0::7]", 5060, Params.NONE);
    Via other = via("[2001:db8::8]", 5060, Params.NONE);

    assertThat(ViaRules.seen(same, source)).isSameAs(same);
    assertThat(ViaRules.seen(other, source).received()).isEqualTo("2001:db8::7");
    assertThat(
            ViaRules.responseTo(ViaRules.seen(other, source), TransportProtocol.UDP, source)
                .address())
        .isEqualTo(new InetSocketAddress("2001:db8::7", 5060));
  }

  @Test
  void a_new_connection_for_a_response_goes_to_the_sent_by_port_not_to_rport() {
    Via seen = ViaRules.seen(via("192.0.2.7", 5070, Params.of("rport", null)), SOURCE);

    assertThat(ViaRules.responseTo(seen, TransportProtocol.TCP, SOURCE).address())
        .isEqualTo(new InetSocketAddress("192.0.2.7", 5070));
  }

  private static InetSocketAddress reply(Via seen) {
    return ViaRules.responseTo(seen, TransportProtocol.UDP, SOURCE).address();
  }

  private static Via via(String host, int port, Params params) {
    return new Via("UDP", host, port, params);
  }
}
