package io.tandem.node.edge.voice;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tandem.node.recording.FolderFiles;
import io.tandem.node.recording.RecordingShelf;
import io.tandem.persistence.journal.keys.MemoryKeyStore;
import io.tandem.protocol.media.playout.Prompt;
import io.tandem.protocol.media.playout.Tones;
import io.tandem.protocol.media.relay.AnchorSettings;
import io.tandem.protocol.media.relay.MediaAnchor;
import io.tandem.protocol.media.relay.PortRange;
import io.tandem.protocol.media.relay.Relay;
import io.tandem.protocol.media.speech.Speech;
import io.tandem.protocol.media.speech.SpokenTexts;
import io.tandem.protocol.sip.sdp.Sdp;
import io.tandem.protocol.sip.sdp.SdpParser;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongSupplier;

/** The voice path of a node without the node: a relay on loopback, and texts of half a second. */
final class VoiceOnLoopback implements AutoCloseable {
  static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

  private static final int RATE_HZ = 8000;
  private static final int PORTS = 8;

  private final MediaAnchor anchor;
  private final Relay relay;
  private final VoiceDesk desk;

  VoiceOnLoopback(Path directory, LongSupplier nanoClock, Executor blocking) {
    int first = 10_000 + 2 * ThreadLocalRandom.current().nextInt(10_000);
    anchor =
        ((MediaAnchor.Opening.Opened)
                MediaAnchor.open(
                    AnchorSettings.of(LOOPBACK, new PortRange(first, first + PORTS - 1))
                        .withWarmPairs(2),
                    nanoClock))
            .anchor();
    relay = ((MediaAnchor.Allocation.Granted) anchor.allocate("call-1")).relay();
    desk =
        new VoiceDesk(
            1,
            nanoClock,
            new VoiceDesk.Sounds(
                Optional.empty(),
                Tones.ringback(Tones.Country.US),
                new SpokenTexts(new HalfSeconds(), 10)),
            new RecordingShelf(
                new FolderFiles(directory),
                RecordingShelf.Format.WAV,
                "n1",
                new MemoryKeyStore(),
                InstantSource.system()),
            blocking,
            new SimpleMeterRegistry());
  }

  Relay relay() {
    return relay;
  }

  CallVoice voice() {
    return desk.call(relay);
  }

  /** A description of one audio stream. */
  static Sdp audio(String formats, String... rtpmaps) {
    StringBuilder text =
        new StringBuilder(
            "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n");
    text.append("m=audio 4000 RTP/AVP ").append(formats).append("\r\n");
    for (String rtpmap : rtpmaps) {
      text.append("a=rtpmap:").append(rtpmap).append("\r\n");
    }
    return new SdpParser()
        .parse(text.toString().getBytes(StandardCharsets.UTF_8))
        .good()
        .orElseThrow();
  }

  @Override
  public void close() {
    desk.close();
    relay.close();
    anchor.close();
  }

  /** Half a second of sound, whatever the text. */
  private static final class HalfSeconds implements Speech {
    @Override
    public String voice() {
      return "none";
    }

    @Override
    public Spoken speak(String text) {
      short[] samples = new short[RATE_HZ / 2];
      Arrays.fill(samples, (short) 1000);
      return new Spoken.Said(Prompt.of(samples, RATE_HZ));
    }
  }
}
