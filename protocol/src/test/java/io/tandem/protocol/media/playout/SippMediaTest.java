package io.tandem.protocol.media.playout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.tandem.protocol.media.capture.CapturedDatagram;
import io.tandem.protocol.media.capture.PcapWriter;
import io.tandem.protocol.media.codec.G711;
import io.tandem.protocol.media.relay.AnchorSettings;
import io.tandem.protocol.media.relay.MediaAnchor;
import io.tandem.protocol.media.relay.Relay;
import io.tandem.protocol.media.relay.RelayLeg;
import io.tandem.protocol.media.relay.RemoteParty;
import io.tandem.protocol.media.relay.Side;
import io.tandem.protocol.media.relay.TestPorts;
import io.tandem.protocol.media.rtp.RtpPacket;
import java.io.File;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * SIPp, which nobody here wrote, as the media of the other end: it echoes, plays a capture, plays a
 * file; what arrives behind the relay is judged by Fourier transform. Runs where SIPp is installed.
 */
class SippMediaTest {
  private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();
  private static final Duration PATIENCE = Duration.ofSeconds(15);

  @TempDir Path folder;

  private final HandMetronome metronome = new HandMetronome();
  private final List<Process> started = new ArrayList<>();
  private MediaAnchor anchor;
  private Relay relay;
  private RtpEndpoint phone;

  @BeforeEach
  void a_relay_with_a_phone_of_ours_on_side_b() throws IOException {
    assumeTrue(sipp() != null, "needs peer: sipp");
    AnchorSettings settings = AnchorSettings.of(LOOPBACK, TestPorts.range());
    anchor = ((MediaAnchor.Opening.Opened) MediaAnchor.open(settings, System::nanoTime)).anchor();
    relay = ((MediaAnchor.Allocation.Granted) anchor.allocate("sipp")).relay();
    phone = RtpEndpoint.open(LOOPBACK, G711.ULAW, metronome, System::nanoTime);
    relay.leg(Side.B).expect(RemoteParty.phone(phone.localAddress(), LOOPBACK));
    phone.sendTo(new InetSocketAddress(LOOPBACK, relay.leg(Side.B).localPort()));
    relay.bridge();
  }

  @AfterEach
  void end_everything_that_was_started() {
    started.forEach(Process::destroyForcibly);
    if (anchor != null) {
      phone.close();
      anchor.close();
    }
  }

  @Test
  void a_tone_echoed_by_sipp_comes_back_through_the_relay() throws Exception {
    int mediaPort = freePort();
    start(
        "-sn",
        "uas",
        "-rtp_echo",
        "-mi",
        "127.0.0.1",
        "-mp",
        "" + mediaPort,
        "-i",
        "127.0.0.1",
        "-p",
        "" + freePort());
    relay.leg(Side.A).expect(RemoteParty.trunk(new InetSocketAddress(LOOPBACK, mediaPort)));
    phone.playTone(697, 0.5);

    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!phone.awaitPackets(40, Duration.ofMillis(Metronome.BEAT_MILLIS))) {
      metronome.beat(); // SIPp needs a moment before its socket is open
      assertThat(System.nanoTime() - deadline).as("SIPp echoes in time").isNegative();
    }

    assertThat(phone.heard(Duration.ofMillis(700)).is(697, 2)).isTrue();
    assertThat(relay.leg(Side.A).source()).contains(new InetSocketAddress(LOOPBACK, mediaPort));
  }

  @Test
  void a_capture_played_by_sipp_is_heard_with_its_tone() throws Exception {
    Path capture = folder.resolve("tone.pcap");
    PcapWriter.write(capture, toneAsCapture(1004));
    callAndListen("<exec play_pcap_audio=\"%s\"/>".formatted(capture));
    assertThat(phone.heard(Duration.ofSeconds(1)).is(1004, 2)).isTrue();
    assertThat(relay.statistics().a().lost()).isZero();
  }

  @Test
  void a_raw_file_streamed_by_sipp_is_heard_with_its_tone() throws Exception {
    Path file = folder.resolve("tone.ul");
    byte[] tone = new ToneSource(G711.ULAW, 425, 0.5).octets(Duration.ofSeconds(2));
    AudioFile.writeRaw(file, tone);
    callAndListen("<exec rtp_stream=\"%s,1,0\"/>".formatted(file));
    assertThat(phone.heard(Duration.ofSeconds(1)).is(425, 2)).isTrue();
  }

  /** A SIPp calls a SIPp whose answer names our leg A; its media comes to us. */
  private void callAndListen(String media) throws Exception {
    RelayLeg leg = relay.leg(Side.A);
    int mediaPort = freePort();
    // SIPp moves its media a few ports on when it must, as a NAT would.
    leg.expect(RemoteParty.phone(new InetSocketAddress(LOOPBACK, mediaPort), LOOPBACK));
    Path uas = scenario("uas.xml").replaceIn("ANCHOR_PORT", "" + leg.localPort());
    Path uac = scenario("uac.xml").replaceIn("MEDIA_ACTION", media);
    int answererPort = freePort();
    start("-sf", "" + uas, "-i", "127.0.0.1", "-p", "" + answererPort, "-m", "1");
    Process caller =
        start(
            "-sf",
            "" + uac,
            "-i",
            "127.0.0.1",
            "-p",
            "" + freePort(),
            "-m",
            "1",
            "-mi",
            "127.0.0.1",
            "-mp",
            "" + mediaPort,
            "127.0.0.1:" + answererPort);
    assertThat(phone.awaitPackets(80, PATIENCE)).as("80 packets of 1.6 s heard").isTrue();
    assertThat(caller.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
  }

  private record Scenario(Path template, Path folder) {
    Path replaceIn(String placeholder, String value) throws IOException {
      Path file = folder.resolve("ready-" + template.getFileName());
      return Files.writeString(file, Files.readString(template).replace(placeholder, value));
    }
  }

  private Scenario scenario(String name) throws Exception {
    return new Scenario(Path.of(SippMediaTest.class.getResource(name).toURI()), folder);
  }

  private static List<CapturedDatagram> toneAsCapture(double hertz) {
    ToneSource tone = new ToneSource(G711.ULAW, hertz, 0.5);
    List<CapturedDatagram> packets = new ArrayList<>();
    byte[] payload = new byte[G711.OCTETS_PER_20_MS];
    InetSocketAddress anybody = new InetSocketAddress(LOOPBACK, 9);
    for (int i = 0; i < 100; i++) {
      tone.fill(payload);
      ByteBuf packet = Unpooled.buffer(12 + payload.length);
      RtpPacket.writeHeader(packet, i == 0, 0, i, 160 * i, 0x51bb);
      packet.writeBytes(payload);
      Instant at = Instant.EPOCH.plusMillis(20L * i);
      packets.add(new CapturedDatagram(at, anybody, anybody, packet.array()));
    }
    return packets;
  }

  private Process start(String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of(sipp().toString(), "-nostdin"));
    command.addAll(Arrays.asList(arguments));
    command.addAll(List.of("-timeout", "20s"));
    Process process =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    started.add(process);
    return process;
  }

  private static Path sipp() {
    return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
        .map(directory -> Path.of(directory, "sipp"))
        .filter(Files::isExecutable)
        .findFirst()
        .orElse(null);
  }

  private static int freePort() throws IOException {
    try (DatagramSocket probe = new DatagramSocket(0, LOOPBACK)) {
      return probe.getLocalPort() & ~1;
    }
  }
}
