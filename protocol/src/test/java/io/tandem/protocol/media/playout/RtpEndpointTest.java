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
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two softphones' media, beaten by hand, straight and through a relay. */
class RtpEndpointTest {
  private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final Duration HEARD = Duration.ofMillis(600);

  private final HandMetronome metronome = new HandMetronome();
  private RtpEndpoint caller;
  private RtpEndpoint agent;

  @BeforeEach
  void two_phones() throws IOException {
    caller = RtpEndpoint.open(LOOPBACK, G711.ULAW, metronome, System::nanoTime);
    agent = RtpEndpoint.open(LOOPBACK, G711.ALAW, metronome, System::nanoTime);
  }

  @AfterEach
  void close() {
    caller.close();
    agent.close();
  }

  @Test
  void a_tone_each_way_is_heard_at_the_other_end_with_its_frequency() {
    caller.sendTo(agent.localAddress());
    agent.sendTo(caller.localAddress());
    caller.playTone(440, 0.5);
    agent.playTone(1000, 0.5);
    beatsUntilHeard(50);
    assertThat(agent.heard(HEARD).is(440, 2)).isTrue();
    assertThat(caller.heard(HEARD).is(1000, 2)).isTrue();
    assertThat(agent.report().lost()).isZero();
  }

  @Test
  void a_tone_each_way_passes_a_relay_and_every_packet_is_counted() {
    AnchorSettings settings = AnchorSettings.of(LOOPBACK, TestPorts.range());
    MediaAnchor.Opening opening = MediaAnchor.open(settings, System::nanoTime);
    try (MediaAnchor anchor = ((MediaAnchor.Opening.Opened) opening).anchor()) {
      Relay relay = ((MediaAnchor.Allocation.Granted) anchor.allocate("call")).relay();
      relay.leg(Side.A).expect(RemoteParty.trunk(caller.localAddress()));
      relay.leg(Side.B).expect(RemoteParty.trunk(agent.localAddress()));
      relay.bridge();
      caller.sendTo(new InetSocketAddress(LOOPBACK, relay.leg(Side.A).localPort()));
      agent.sendTo(new InetSocketAddress(LOOPBACK, relay.leg(Side.B).localPort()));
      caller.playTone(440, 0.5);
      agent.playTone(1000, 0.5);

      beatsUntilHeard(50);

      assertThat(agent.heard(HEARD).is(440, 2)).isTrue();
      assertThat(caller.heard(HEARD).is(1000, 2)).isTrue();
      assertThat(relay.statistics().a().rtpIn().packets()).isEqualTo(50);
      assertThat(relay.statistics().b().rtpIn().packets()).isEqualTo(50);
      assertThat(relay.statistics().a().rtpOut().octets()).isEqualTo(50 * 172);
      assertThat(relay.statistics().a().lost()).isZero();
    }
  }

  @Test
  void a_phone_that_was_told_to_stop_sends_nothing_and_goes_on_with_its_clock() {
    caller.sendTo(agent.localAddress());
    caller.play(VoiceSource.silence(G711.ULAW));
    metronome.beats(3);
    caller.stop();
    metronome.beats(10);
    caller.playTone(440, 0.5);
    metronome.beats(2);
    assertThat(agent.awaitPackets(5, PATIENCE)).isTrue();
    assertThat(caller.report().packetsSent()).isEqualTo(5);
    assertThat(agent.report().lost()).isZero();
  }

  @Test
  void what_is_not_voice_is_counted_apart() throws IOException {
    try (DatagramSocket noise = new DatagramSocket(0, LOOPBACK)) {
      for (int octets : new int[] {0, 3, 40}) {
        noise.send(new DatagramPacket(new byte[octets], octets, agent.localAddress()));
      }
      caller.sendTo(agent.localAddress());
      caller.play(VoiceSource.loop(new byte[] {1, 2, 3}));
      metronome.beat();
      assertThat(agent.awaitPackets(1, PATIENCE)).isTrue();
      assertThat(agent.report().notVoice()).isEqualTo(3);
      assertThat(agent.report().packets()).isEqualTo(1);
    }
  }

  @Test
  void a_record_that_was_forgotten_is_judged_by_what_comes_after() {
    caller.sendTo(agent.localAddress());
    caller.playTone(440, 0.5);
    metronome.beats(20);
    assertThat(agent.awaitPackets(20, PATIENCE)).isTrue();
    agent.forgetRecord();
    caller.playTone(2000, 0.5);
    metronome.beats(20);
    assertThat(agent.awaitPackets(40, PATIENCE)).isTrue();
    assertThat(agent.heard(Duration.ofSeconds(10)).is(2000, 2)).isTrue();
  }

  @Test
  void a_wait_for_packets_that_do_not_come_ends() {
    assertThat(agent.awaitPackets(1, Duration.ofMillis(1))).isFalse();
  }

  private void beatsUntilHeard(int beats) {
    for (int i = 1; i <= beats; i++) {
      metronome.beat();
      for (RtpEndpoint phone : new RtpEndpoint[] {agent, caller}) {
        boolean heard = phone.awaitPackets(i, PATIENCE);
        assertThat(heard).as("beat %d: %s %s", i, agent.report(), caller.report()).isTrue();
      }
    }
  }
}
