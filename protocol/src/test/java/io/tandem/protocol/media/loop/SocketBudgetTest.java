package io.tandem.protocol.media.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.tandem.protocol.media.relay.TestPorts;
import io.tandem.protocol.media.socket.Precedence;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.Test;

/** Calls come before the comfort of connected sockets when files run short. */
class SocketBudgetTest {
  private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();
  private static final int EIGHT = 8;

  @Test
  void every_call_with_voice_is_counted_with_its_six_files() {
    SocketBudget budget = new SocketBudget(17_500);
    for (int call = 0; call < 2_000; call++) {
      budget.pairBound();
      budget.pairBound();
      assertThat(budget.takeTwin()).isTrue();
      assertThat(budget.takeTwin()).isTrue();
    }
    assertThat(budget.pairsMax()).isEqualTo((17_500 - 4_000) / 2);
    budget.giveTwinBack();
    budget.giveTwinBack();
    assertThat(budget.pairsMax()).isEqualTo((17_500 - 3_998) / 2);
  }

  @Test
  void however_many_talk_pairs_and_twins_together_never_take_more_than_there_is() {
    SocketBudget budget = new SocketBudget(17_500);
    int pairs = 0;
    while (pairs < budget.pairsMax()) {
      budget.pairBound();
      pairs++;
      boolean unused = budget.takeTwin();
      assertThat(2L * pairs + budget.twins()).isLessThanOrEqualTo(17_500);
    }
    assertThat(pairs).isGreaterThan(17_500 / 3);
  }

  @Test
  void where_no_files_are_left_a_leg_does_without_its_connected_socket_and_sends_all_the_same()
      throws Exception {
    assumeThat(Wire.NATIVE.available()).isTrue();
    SocketBudget budget = new SocketBudget(EIGHT);
    NativeLoops loops = new NativeLoops(1, Precedence.ORDINARY, EpollArrivals::new, budget);
    try (DatagramSocket party = new DatagramSocket(0, LOOPBACK)) {
      party.setSoTimeout(5000);
      InetSocketAddress to = (InetSocketAddress) party.getLocalSocketAddress();
      List<PortPair> pairs = List.of(bound(loops, 0), bound(loops, 1), bound(loops, 2));
      assertThat(budget.pairsMax()).isEqualTo(4);
      for (PortPair pair : pairs) {
        on(pair, () -> pair.settle(to));
      }
      assertThat(budget.twins()).isEqualTo(1);
      assertThat(loops.pairsMax()).isEqualTo(3);
      List<Integer> heardFrom = new ArrayList<>();
      for (PortPair pair : pairs) {
        on(
            pair,
            () ->
                assertThat(pair.send(false, Unpooled.directBuffer(4).writeInt(0x80000001), to))
                    .isTrue());
        DatagramPacket datagram = new DatagramPacket(new byte[16], 16);
        party.receive(datagram);
        heardFrom.add(datagram.getPort());
      }
      assertThat(heardFrom).isEqualTo(pairs.stream().map(PortPair::rtpPort).toList());
      on(pairs.getFirst(), () -> pairs.getFirst().settle(null));
      on(pairs.getFirst(), () -> {});
      assertThat(budget.twins()).isZero();
    } finally {
      loops.close();
    }
  }

  @Test
  void who_moves_gets_a_connected_socket_again() throws Exception {
    assumeThat(Wire.NATIVE.available()).isTrue();
    SocketBudget budget = new SocketBudget(1000);
    NativeLoops loops = new NativeLoops(1, Precedence.ORDINARY, EpollArrivals::new, budget);
    try (DatagramSocket before = new DatagramSocket(0, LOOPBACK);
        DatagramSocket after = new DatagramSocket(0, LOOPBACK)) {
      PortPair pair = bound(loops, 3);
      pair.seat(new Nobody());
      on(pair, () -> pair.settle((InetSocketAddress) before.getLocalSocketAddress()));
      on(pair, () -> pair.settle((InetSocketAddress) after.getLocalSocketAddress()));
      on(pair, () -> {});
      assertThat(budget.twins()).isEqualTo(1);
      on(
          pair,
          () -> {
            pair.settle(null);
            pair.settle((InetSocketAddress) before.getLocalSocketAddress());
          });
      on(pair, () -> {});
      assertThat(budget.twins()).isEqualTo(1);
    } finally {
      loops.close();
    }
  }

  private static void on(PortPair pair, Runnable task) throws Exception {
    CompletableFuture<Void> done = new CompletableFuture<>();
    pair.execute(
        () -> {
          try {
            task.run();
            done.complete(null);
          } catch (Throwable failed) {
            done.completeExceptionally(failed);
          }
        });
    done.get(5, TimeUnit.SECONDS);
  }

  private static PortPair bound(MediaLoops loops, int at) throws IOException {
    IOException last = new IOException("no port");
    for (int port = TestPorts.range().firstEven() + 20 * at, end = port + 20;
        port < end;
        port += 2) {
      try {
        return loops.bind(LOOPBACK, port, 0, new LongAdder());
      } catch (IOException busy) {
        last = busy;
      }
    }
    throw last;
  }

  /** Who does nothing with its packets. */
  private static final class Nobody implements PacketInlet {
    @Override
    public boolean enter() {
      return true;
    }

    @Override
    public void leave() {}

    @Override
    public int anticipate(int step) {
      return 0;
    }

    @Override
    public void onRtpPort(ByteBuf packet, InetSocketAddress from) {}

    @Override
    public void onRtcpPort(ByteBuf packet, InetSocketAddress from) {}

    @Override
    public void onWireError() {}
  }
}
