package io.tandem.protocol.media.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tandem.protocol.media.loop.Wire;
import io.tandem.protocol.media.relay.MediaAnchor.Allocation;
import io.tandem.protocol.media.relay.MediaAnchor.Opening;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A loop whose thread does not get on, as on a core that the host took away: here it is kept in the
 * task of another call.
 */
class StalledLoopTest {
  private static final int SSRC_A = 0xa;
  private static final int SSRC_B = 0xb;
  private static final int PACKETS = 200;

  private final CountDownLatch stalled = new CountDownLatch(1);
  private final CountDownLatch goOn = new CountDownLatch(1);
  private final Peer a = new Peer();
  private final Peer b = new Peer();
  private MediaAnchor anchor;

  @BeforeEach
  void open() {
    assumeTrue(Wire.NATIVE.available() && Runtime.getRuntime().availableProcessors() > 1);
    AnchorSettings settings =
        AnchorSettings.of(Peer.LOOPBACK, TestPorts.range()).withWire(Wire.NATIVE).withWarmPairs(4);
    anchor = ((Opening.Opened) MediaAnchor.open(settings, System::nanoTime)).anchor();
  }

  @AfterEach
  void close() {
    goOn.countDown();
    if (anchor != null) {
      anchor.close();
    }
    a.close();
    b.close();
  }

  @Test
  void other_calls_go_on_both_ways_while_the_loop_is_stuck_in_one_and_nothing_comes_twice()
      throws InterruptedException {
    Relay stuck = relay("stuck");
    Relay relay = relay("talking");
    relay.leg(Side.A).expect(RemoteParty.trunk(a.address()));
    relay.leg(Side.B).expect(RemoteParty.trunk(b.address()));
    relay.bridge();
    talk(relay, 0); // latched, each by the loop's own thread
    stall(stuck);

    for (int i = 1; i < PACKETS; i++) {
      talk(relay, i);
    }
    assertThat(relay.leg(Side.A).source()).contains(a.address());

    goOn.countDown();
    for (int i = PACKETS; i < 2 * PACKETS; i++) {
      talk(relay, i);
    }
    assertThat(relay.statistics().a().rtpIn().packets()).isEqualTo(2 * PACKETS);
    assertThat(relay.statistics().b().rtpIn().packets()).isEqualTo(2 * PACKETS);
    assertThat(relay.statistics().a().lost()).isZero();
    assertThat(a.hasReceived() || b.hasReceived()).as("a packet that nobody sent").isFalse();
  }

  @Test
  void a_call_whose_first_packets_come_while_the_loop_is_stuck_is_latched_and_heard()
      throws InterruptedException {
    stall(relay("stuck"));
    Relay relay = relay("talking");
    relay.leg(Side.A).expect(RemoteParty.trunk(a.address()));
    relay.leg(Side.B).expect(RemoteParty.trunk(b.address()));
    relay.bridge();
    for (int i = 0; i < PACKETS; i++) {
      talk(relay, i);
    }
    assertThat(relay.leg(Side.B).source()).contains(b.address());
  }

  private void talk(Relay relay, int sequence) {
    a.sendRtp(relay.leg(Side.A).localPort(), SSRC_A, sequence);
    b.sendRtp(relay.leg(Side.B).localPort(), SSRC_B, sequence);
    assertThat(a.receiveSequence()).isEqualTo(sequence);
    assertThat(b.receiveSequence()).isEqualTo(sequence);
  }

  private void stall(Relay relay) throws InterruptedException {
    relay
        .leg(Side.A)
        .execute(
            () -> {
              stalled.countDown();
              try {
                goOn.await();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
    assertThat(stalled.await(5, TimeUnit.SECONDS)).isTrue();
  }

  private Relay relay(String key) {
    return ((Allocation.Granted) anchor.allocate(key)).relay();
  }
}
