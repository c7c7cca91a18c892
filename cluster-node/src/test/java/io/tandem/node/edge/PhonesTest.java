package io.tandem.node.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.persistence.readmodel.SipBinding;
import io.tandem.protocol.sip.message.SipUri;
import io.tandem.protocol.sip.transport.Destination;
import io.tandem.protocol.sip.transport.Target;
import io.tandem.protocol.sip.transport.TransportProtocol;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class PhonesTest {
  private static final String DESK = "urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6";

  @Test
  void a_gruu_names_one_device_and_an_address_of_record_all() {
    List<PhoneLeg.Device> all =
        List.of(device("a", DESK), device("b", "urn:uuid:b"), device("c", ""));
    SipUri gruu = SipUri.sip("bert", "127.0.0.1", -1).withParam("gr", DESK);
    assertThat(Phones.named(gruu, all)).containsExactly(all.getFirst());
    assertThat(
            Phones.named(
                SipUri.of("sip:bert@127.0.0.1;gr=urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6"),
                all))
        .containsExactly(all.getFirst());
    assertThat(Phones.named(SipUri.of("sip:bert@127.0.0.1;gr"), all)).isEmpty();
    assertThat(Phones.named(SipUri.of("sip:bert@127.0.0.1"), all)).isEqualTo(all);
  }

  private static PhoneLeg.Device device(String user, String instance) {
    Destination target =
        new Destination(TransportProtocol.UDP, new InetSocketAddress("127.0.0.1", 5060));
    return new PhoneLeg.Device(SipUri.sip(user, "127.0.0.1", 5060), target, null, "", instance);
  }

  /** RFC 3327: its own connection an edge uses itself, another's it asks that one for. */
  @Test
  void a_phone_on_another_edges_connection_is_reached_through_that_edge() {
    String way = "<sip:flow.V1NT.k@192.0.2.8:5060;lr>";
    SipBinding binding =
        new SipBinding(
            "anna",
            "sip:anna@10.0.0.7:40001;transport=tcp",
            "",
            0,
            "c",
            1,
            Instant.EPOCH,
            "edge-2",
            "TCP 198.51.100.7 40001",
            way,
            "");
    PhoneLeg.Device elsewhere = Phones.device(binding, "edge-1", there -> false).orElseThrow();
    assertThat(elsewhere.route()).isEqualTo(way);
    assertThat(elsewhere.target())
        .isEqualTo(
            new Destination(TransportProtocol.UDP, new InetSocketAddress("192.0.2.8", 5060)));
    PhoneLeg.Device here = Phones.device(binding, "edge-2", there -> true).orElseThrow();
    assertThat(here.route()).isEmpty();
    assertThat(here.target())
        .isEqualTo(
            new Destination(TransportProtocol.TCP, new InetSocketAddress("198.51.100.7", 40_001)));
  }

  @Test
  void a_phone_whose_connection_is_closed_is_reached_where_it_says_that_it_listens() {
    Destination source = tcp("198.51.100.7", 40_001);
    assertThat(target("sip:anna@198.51.100.7:5060;transport=tcp", true)).isEqualTo(source);
    assertThat(target("sip:anna@198.51.100.7:5060;transport=tcp", false))
        .isEqualTo(tcp("198.51.100.7", 5060));
    assertThat(target("sip:anna@198.51.100.7", false)).isEqualTo(tcp("198.51.100.7", 5060));
    assertThat(target("sip:anna@10.0.0.7:5060;transport=tcp", false))
        .as("behind NAT nobody is reached there")
        .isEqualTo(source);
  }

  private static Destination tcp(String host, int port) {
    return new Destination(TransportProtocol.TCP, new InetSocketAddress(host, port));
  }

  private static Target target(String contact, boolean connected) {
    SipBinding binding =
        new SipBinding(
            "anna", contact, "", 0, "c", 1, Instant.EPOCH, "e", "TCP 198.51.100.7 40001", "", "");
    return Phones.device(binding, "e", there -> connected).orElseThrow().target();
  }
}
