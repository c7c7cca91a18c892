package io.tandem.node.edge;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which described addresses can be meant for us. */
class ReachTest {
  @ParameterizedTest
  @CsvSource({
    "203.0.113.5, 198.51.100.7, true",
    "192.168.1.5, 198.51.100.7, false",
    "172.20.1.5, 198.51.100.7, false",
    "100.64.3.4, 198.51.100.7, false",
    "100.128.3.4, 198.51.100.7, true",
    "fd00::5, 2001:db8::1, false",
    "2001:db8::5, 2001:db8::1, true",
    "192.168.1.5, 192.168.1.9, true",
    "192.168.1.5, 10.0.0.1, true",
    "127.0.0.3, 127.0.0.1, true"
  })
  void a_private_address_of_who_signals_from_a_public_one_is_out_of_reach(
      String described, String signalling, boolean within) throws Exception {
    assertThat(Reach.isWithin(InetAddress.getByName(described), InetAddress.getByName(signalling)))
        .isEqualTo(within);
    assertThat(Reach.isWithin(InetAddress.getByName("10.0.0.1"), null)).isFalse();
  }
}
