package io.tandem.node.edge.register;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.protocol.sip.transport.Destination;
import io.tandem.protocol.sip.transport.TransportProtocol;
import java.net.InetSocketAddress;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class FlowTokenTest {
  private static final UnaryOperator<String> SEAL = plain -> "k" + plain.hashCode();
  private static final InetSocketAddress EDGE = new InetSocketAddress("192.0.2.7", 5060);

  private static FlowToken token(String host) {
    return new FlowToken(
        new Destination(TransportProtocol.WSS, new InetSocketAddress(host, 40_001)), EDGE);
  }

  @Test
  void what_was_sealed_is_read_again() {
    for (String host : new String[] {"192.0.2.1", "2001:db8::1"}) {
      FlowToken both = token(host);
      assertThat(FlowToken.read(both.text(SEAL), SEAL)).contains(both);
      FlowToken any = new FlowToken(both.at(), null);
      assertThat(FlowToken.read(any.text(SEAL), SEAL)).contains(any);
      assertThat(any.text(SEAL)).matches("[A-Za-z0-9._-]+");
    }
  }

  @Test
  void what_was_changed_or_sealed_by_another_is_none() {
    String text = token("192.0.2.1").text(SEAL);
    for (int i = 0; i < text.length(); i++) {
      char other = text.charAt(i) == 'A' ? 'B' : 'A';
      String changed = text.substring(0, i) + other + text.substring(i + 1);
      assertThat(FlowToken.read(changed, SEAL)).as(changed).isEmpty();
    }
    assertThat(FlowToken.read(text, plain -> "another" + plain.hashCode())).isEmpty();
    for (String none : new String[] {"", "flow.", "flow.x", "flow..", "flow.%.k1", "anna"}) {
      assertThat(FlowToken.read(none, SEAL)).as(none).isEmpty();
    }
  }
}
