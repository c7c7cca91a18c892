package io.tandem.node.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.protocol.sip.message.SipUri;
import io.tandem.protocol.sip.transport.Destination;
import io.tandem.protocol.sip.transport.TransportProtocol;
import java.net.InetSocketAddress;
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
}
