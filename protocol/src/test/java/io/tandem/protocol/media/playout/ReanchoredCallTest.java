package io.tandem.protocol.media.playout;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.protocol.media.codec.G711;
import io.tandem.protocol.media.relay.AnchorSettings;
import io.tandem.protocol.media.relay.MediaAnchor;
import io.tandem.protocol.media.relay.Relay;
import io.tandem.protocol.media.relay.RemoteParty;
import io.tandem.protocol.media.relay.Side;
import io.tandem.protocol.media.relay.TestPorts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The media of a call whose anchor has died goes on over another one, as after a re-INVITE from a
 * survivor: to both phones it is another address of the other side, and no more.
 */
class ReanchoredCallTest {
  private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();
  private static final Duration HEARD = Duration.ofMillis(600);
  private static final int BEATS = 60;
  private static final int CALLER_HZ = 440;
  private static final int AGENT_HZ = 1000;

  private final HandMetronome metronome = new HandMetronome();
  private RtpEndpoint caller;
  private RtpEndpoint agent;

  @BeforeEach
  void two_phones() throws IOException {
    caller = RtpEndpoint.open(LOOPBACK, G711.ULAW, metronome, System::nanoTime);
    agent = RtpEndpoint.open(LOOPBACK, G711.ULAW, metronome, System::nanoTime);
    caller.playTone(CALLER_HZ, 0.5);
    agent.playTone(AGENT_HZ, 0.5);
  }

  @AfterEach
  void close() {
    caller.close();
    agent.close();
  }

  @Test
  void both_hear_each_other_over_the_survivor_and_what_the_dead_one_gets_late_is_lost() {
    MediaAnchor first = anchor();
    Relay before = led(first);
    talk();
    hearEachOther();
    int deadPort = before.leg(Side.A).localPort();
    first.close();
    metronome.beats(10); // into nothing: nobody has told them yet

    try (MediaAnchor survivor = anchor()) {
      caller.forgetRecord();
      agent.forgetRecord();
      Relay after = led(survivor);
      talk();
      hearEachOther();
      assertThat(after.leg(Side.A).source()).contains(caller.localAddress());
      assertThat(after.statistics().a().lost()).as("its numbers begin where they are").isZero();
      assertThat(after.statistics().a().rtpIn().packets()).isEqualTo(BEATS);
      assertThat(survivor.statistics().strays()).as("port %d", deadPort).isZero();
    }
  }

  private static MediaAnchor anchor() {
    AnchorSettings settings = AnchorSettings.of(LOOPBACK, TestPorts.range());
    return ((MediaAnchor.Opening.Opened) MediaAnchor.open(settings, System::nanoTime)).anchor();
  }

  /** A relay of the anchor that both phones were told of, and that was told of both phones. */
  private Relay led(MediaAnchor anchor) {
    Relay relay = ((MediaAnchor.Allocation.Granted) anchor.allocate("call")).relay();
    relay.leg(Side.A).expect(RemoteParty.phone(caller.localAddress(), LOOPBACK));
    relay.leg(Side.B).expect(RemoteParty.phone(agent.localAddress(), LOOPBACK));
    relay.bridge();
    caller.sendTo(new InetSocketAddress(LOOPBACK, relay.leg(Side.A).localPort()));
    agent.sendTo(new InetSocketAddress(LOOPBACK, relay.leg(Side.B).localPort()));
    return relay;
  }

  private void talk() {
    long heardByCaller = caller.report().packets();
    long heardByAgent = agent.report().packets();
    for (int i = 1; i <= BEATS; i++) {
      metronome.beat();
      caller.awaitPackets(heardByCaller + i, Duration.ofMillis(20));
      agent.awaitPackets(heardByAgent + i, Duration.ofMillis(20));
    }
  }

  private void hearEachOther() {
    assertThat(agent.heard(HEARD).is(CALLER_HZ, 2)).isTrue();
    assertThat(caller.heard(HEARD).is(AGENT_HZ, 2)).isTrue();
  }
}
