package io.tandem.protocol.sip.resolve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tandem.protocol.sip.transport.Destination;
import io.tandem.protocol.sip.transport.TransportProtocol;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ServerOrderTest {
  private static final int DRAWN = 20_000;

  private final SplittableRandom random = new SplittableRandom(3263);

  private static Located.Server server(int port, int priority, int weight) {
    return new Located.Server(
        new Destination(TransportProtocol.UDP, new InetSocketAddress("192.0.2.1", port)),
        priority,
        weight);
  }

  @Test
  void a_lower_priority_goes_first_whatever_the_weights() {
    Located.Server first = server(1, 5, 0);
    Located.Server second = server(2, 10, 65_535);
    for (int i = 0; i < 100; i++) {
      assertThat(ServerOrder.drawn(List.of(second, first), random)).containsExactly(first, second);
    }
  }

  @Test
  void within_a_priority_each_is_first_as_often_as_its_weight_says() {
    Located.Server one = server(1, 0, 10);
    Located.Server three = server(2, 0, 30);
    Located.Server six = server(3, 0, 60);
    int[] first = new int[4];
    for (int i = 0; i < DRAWN; i++) {
      List<Located.Server> order = ServerOrder.drawn(List.of(one, three, six), random);
      assertThat(order).containsExactlyInAnyOrder(one, three, six);
      first[order.getFirst().destination().address().getPort()]++;
    }
    // RFC 2782's lot runs from 0 to the sum: a server's share is within one in a hundred of it
    assertThat(first[1] / (double) DRAWN).isCloseTo(0.10, within(0.02));
    assertThat(first[2] / (double) DRAWN).isCloseTo(0.30, within(0.02));
    assertThat(first[3] / (double) DRAWN).isCloseTo(0.60, within(0.02));
  }

  @Test
  void one_of_weight_zero_is_rarely_first_but_never_left_out() {
    Located.Server none = server(1, 0, 0);
    Located.Server all = server(2, 0, 99);
    int first = 0;
    for (int i = 0; i < DRAWN; i++) {
      List<Located.Server> order = ServerOrder.drawn(List.of(all, none), random);
      assertThat(order).hasSize(2);
      first += order.getFirst().equals(none) ? 1 : 0;
    }
    assertThat(first / (double) DRAWN).isCloseTo(0.01, within(0.005));
  }

  @Test
  void without_weights_the_order_is_that_of_the_answer() {
    List<Located.Server> all = List.of(server(1, 0, 0), server(2, 0, 0), server(3, 0, 0));
    assertThat(ServerOrder.drawn(all, random)).isEqualTo(all);
  }
}
