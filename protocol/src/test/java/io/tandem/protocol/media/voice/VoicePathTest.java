package io.tandem.protocol.media.voice;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.protocol.media.codec.G711;
import io.tandem.protocol.media.codec.VoiceCodec;
import io.tandem.protocol.media.playout.HandMetronome;
import io.tandem.protocol.media.playout.RtpEndpoint;
import io.tandem.protocol.media.relay.AnchorSettings;
import io.tandem.protocol.media.relay.MediaAnchor;
import io.tandem.protocol.media.relay.Relay;
import io.tandem.protocol.media.relay.RemoteParty;
import io.tandem.protocol.media.relay.Side;
import io.tandem.protocol.media.relay.TestPorts;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Two softphones on real sockets; the relay hands their voice to a room and sends the room's. */
class VoicePathTest {
  private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();
  private static final Duration HEARD = Duration.ofMillis(600);

  @Test
  void a_relayed_call_is_taken_to_the_voice_path_transcoded_held_and_brought_back()
      throws Exception {
    HandMetronome metronome = new HandMetronome();
    AnchorSettings settings = AnchorSettings.of(LOOPBACK, TestPorts.range());
    var opening = (MediaAnchor.Opening.Opened) MediaAnchor.open(settings, System::nanoTime);
    try (MediaAnchor anchor = opening.anchor();
        RtpEndpoint caller = RtpEndpoint.open(LOOPBACK, G711.ULAW, metronome, System::nanoTime);
        RtpEndpoint agent = RtpEndpoint.open(LOOPBACK, G711.ALAW, metronome, System::nanoTime)) {
      Relay relay = ((MediaAnchor.Allocation.Granted) anchor.allocate("call")).relay();
      relay.leg(Side.A).expect(RemoteParty.trunk(caller.localAddress()));
      relay.leg(Side.B).expect(RemoteParty.trunk(agent.localAddress()));
      relay.bridge();
      caller.sendTo(new InetSocketAddress(LOOPBACK, relay.leg(Side.A).localPort()));
      agent.sendTo(new InetSocketAddress(LOOPBACK, relay.leg(Side.B).localPort()));
      caller.playTone(440, 0.3);
      agent.playTone(1000, 0.3);
      VoiceRoom room = VoiceRoom.call();
      metronome.listen(() -> room.beat(System.nanoTime()));
      try (RelayDoor doorA = RelayDoor.open(relay, Side.A);
          RelayDoor doorB = RelayDoor.open(relay, Side.B);
          VoiceLeg legA = new VoiceLeg(LegFormat.of(VoiceCodec.PCMU), doorA, 1);
          VoiceLeg legB = new VoiceLeg(LegFormat.of(VoiceCodec.PCMA), doorB, 2)) {
        doorA.lead(legA);
        doorB.lead(legB);
        Member a = room.join(legA, System.nanoTime()).orElseThrow();
        var _ = room.join(legB, System.nanoTime()).orElseThrow();
        beatsUntilHeard(metronome, caller, agent, 60);
        assertThat(agent.heard(HEARD).is(440, 2)).isTrue();
        assertThat(caller.heard(HEARD).is(1000, 2)).isTrue();

        a.hold(VoiceRoomTest.tone(700));
        beatsUntilHeard(metronome, caller, agent, 60);
        assertThat(caller.heard(HEARD).is(700, 2)).isTrue();

        a.resume();
        beatsUntilHeard(metronome, caller, agent, 60);
        assertThat(caller.heard(HEARD).is(1000, 2)).isTrue();
        room.close();
      }
      // Relayed again, each with the codec it sends: what each hears is not transcoded any more.
      caller.forgetRecord();
      agent.forgetRecord();
      beatsUntilHeard(metronome, caller, agent, 50);
      assertThat(agent.heard(HEARD).is(440, 2)).isTrue();
      assertThat(caller.heard(HEARD).is(1000, 2)).isTrue();
    }
  }

  private static void beatsUntilHeard(
      HandMetronome metronome, RtpEndpoint caller, RtpEndpoint agent, int beats) {
    for (int i = 0; i < beats; i++) {
      long callerHeard = caller.report().packets();
      long agentHeard = agent.report().packets();
      metronome.beat();
      assertThat(caller.awaitPackets(callerHeard + 1, Duration.ofSeconds(5))).isTrue();
      assertThat(agent.awaitPackets(agentHeard + 1, Duration.ofSeconds(5))).isTrue();
    }
  }
}
