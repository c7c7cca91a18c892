package io.tandem.ops.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.ops.house.NeedsPeer;
import io.tandem.ops.system.Baresip.Speech;
import io.tandem.protocol.media.codec.VoiceCodec;
import io.tandem.protocol.media.playout.ToneDetector;
import io.tandem.protocol.media.playout.Tones;
import io.tandem.protocol.media.record.Recording;
import io.tandem.protocol.media.record.StereoRecording;
import io.tandem.protocol.media.relay.AnchorSettings;
import io.tandem.protocol.media.relay.MediaAnchor;
import io.tandem.protocol.media.relay.PortRange;
import io.tandem.protocol.media.relay.Relay;
import io.tandem.protocol.media.relay.Side;
import io.tandem.protocol.media.secure.SecurityPolicy;
import io.tandem.protocol.media.voice.VoiceLoop;
import io.tandem.protocol.media.voice.VoiceRoom;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import javax.sound.sampled.AudioInputStream;
import javax.sound.sampled.AudioSystem;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Phones that nobody here wrote on the voice path: decoded, mixed, recorded, encoded anew; what
 * they and the recording heard is judged by Fourier transform. The edge cannot be told to do this
 * yet, so our user agent calls the phones.
 */
class VoicePeersTest {
  private static final int LEFT_HZ = 440;
  private static final int RIGHT_HZ = 1000;
  private static final int THIRD_HZ = 1700;
  private static final int MUSIC_HZ = 620;
  private static final int PATIENCE_SECONDS = 20;

  @TempDir Path directory;

  private final VoiceLoop loop = new VoiceLoop(1, System::nanoTime);
  private final Deque<AutoCloseable> started = new ArrayDeque<>();
  private MediaAnchor anchor;

  @BeforeEach
  void open() {
    AnchorSettings settings =
        AnchorSettings.of(InetAddress.getLoopbackAddress(), new PortRange(33_400, 33_419))
            .withWarmPairs(4);
    anchor = ((MediaAnchor.Opening.Opened) MediaAnchor.open(settings, System::nanoTime)).anchor();
  }

  @AfterEach
  void close() throws Exception {
    while (!started.isEmpty()) {
      started.pop().close();
    }
    loop.close();
    anchor.close();
    assertThat(loop.failedBeats()).isZero();
  }

  @ParameterizedTest(name = "PCMU and {0}, encrypted: {1}")
  @CsvSource({"G722, false", "OPUS, true"})
  @NeedsPeer("baresip")
  void phones_of_two_codecs_hear_each_other_and_music_between_and_a_recording_has_both(
      Speech other, boolean encrypted) throws Exception {
    VoiceRoom room = beating(VoiceRoom.call());
    Relay relay = relay();
    Baresip left = phone("left", Speech.PCMU, false, LEFT_HZ);
    Baresip right = phone("right", other, encrypted, RIGHT_HZ);
    RoomLine a = line(left, relay, Side.A, Speech.PCMU, false, room);
    RoomLine b = line(right, relay, Side.B, other, encrypted, room);
    hears(left, RIGHT_HZ);
    hears(right, LEFT_HZ);
    assertThat(b.isEncrypted()).isEqualTo(encrypted);

    a.member().hold(Tones.cadence(MUSIC_HZ, 0, 1000, 0, 60));
    hears(left, MUSIC_HZ);
    right.forget();
    Books.await("the other hears nothing", PATIENCE_SECONDS, right::hearsNothing);

    a.member().resume();
    left.forget();
    hears(left, RIGHT_HZ);
    hears(right, LEFT_HZ);
    recordingHasBoth(a);
    assertThat(a.objections()).isEmpty();
    assertThat(b.objections()).isEmpty();
  }

  private void recordingHasBoth(RoomLine line) throws Exception {
    Path file = directory.resolve("call.wav");
    Recording recording = StereoRecording.wav(file, 8000);
    line.member().record(recording);
    Books.await("two seconds", PATIENCE_SECONDS, () -> file.toFile().length() > 2 * 32_000);
    line.member().stopRecording();
    assertThat(recording.finish().failure()).isEmpty();
    try (AudioInputStream in = AudioSystem.getAudioInputStream(file.toFile())) {
      ByteBuffer pcm = ByteBuffer.wrap(in.readAllBytes()).order(ByteOrder.LITTLE_ENDIAN);
      short[] said = new short[pcm.capacity() / 4];
      short[] heard = new short[said.length];
      for (int i = 0; i < said.length; i++) {
        said[i] = pcm.getShort();
        heard[i] = pcm.getShort();
      }
      assertThat(ToneDetector.detect(said).is(LEFT_HZ, 3)).isTrue();
      assertThat(ToneDetector.detect(heard).is(RIGHT_HZ, 3)).isTrue();
    }
  }

  @Test
  @NeedsPeer("baresip")
  void in_a_conference_of_three_codecs_all_others_hear_who_is_not_muted() throws Exception {
    VoiceRoom room = beating(VoiceRoom.conference(10));
    Relay first = relay();
    Baresip pcmu = phone("pcmu", Speech.PCMU, false, LEFT_HZ);
    Baresip g722 = phone("g722", Speech.G722, true, RIGHT_HZ);
    Baresip opus = phone("opus", Speech.OPUS, false, THIRD_HZ);
    RoomLine a = line(pcmu, first, Side.A, Speech.PCMU, false, room);
    RoomLine b = line(g722, first, Side.B, Speech.G722, true, room);
    RoomLine c = line(opus, relay(), Side.A, Speech.OPUS, false, room);
    assertThat(List.of(a.isEncrypted(), b.isEncrypted(), c.isEncrypted()))
        .containsExactly(false, true, false);

    speaksAlone(room, a);
    hears(g722, LEFT_HZ);
    hears(opus, LEFT_HZ);
    speaksAlone(room, b);
    hears(pcmu, RIGHT_HZ);
    hears(opus, RIGHT_HZ);
    speaksAlone(room, c);
    hears(pcmu, THIRD_HZ);
    hears(g722, THIRD_HZ);
  }

  private static void speaksAlone(VoiceRoom room, RoomLine one) {
    room.muteAll(false, null);
    room.muteAll(true, one.member());
  }

  @Test
  @NeedsPeer({"baresip", "sipp"})
  void a_tone_said_in_opus_comes_back_from_the_echo_of_sipp_in_g711() throws Exception {
    VoiceRoom room = beating(VoiceRoom.call());
    Relay relay = relay();
    Baresip opus = phone("opus", Speech.OPUS, true, LEFT_HZ);
    RoomLine a = line(opus, relay, Side.A, Speech.OPUS, true, room);
    Books.await("a second of silence", PATIENCE_SECONDS, opus::hearsNothing);
    InetSocketAddress echo = sippEcho();
    RoomLine b = RoomLine.calling(echo, relay, Side.B, VoiceCodec.PCMU, SecurityPolicy.NONE, room);
    started.push(b);
    b.answered();
    hears(opus, LEFT_HZ);
    assertThat(a.isEncrypted()).isTrue();
  }

  private InetSocketAddress sippEcho() throws IOException {
    InetSocketAddress address = freePort();
    InetSocketAddress media = freePort();
    List<String> command =
        List.of(
            "sipp",
            "-sn",
            "uas",
            "-nostdin",
            "-rtp_echo",
            "-i",
            "127.0.0.1",
            "-p",
            "" + address.getPort(),
            "-mi",
            "127.0.0.1",
            "-mp",
            "" + media.getPort(),
            "-timeout",
            "40s");
    Process sipp =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    started.push(sipp::destroyForcibly);
    return address;
  }

  private static InetSocketAddress freePort() throws IOException {
    try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      return new InetSocketAddress("127.0.0.1", socket.getLocalPort() & ~1);
    }
  }

  private VoiceRoom beating(VoiceRoom room) {
    loop.add(room);
    started.push(room);
    return room;
  }

  private Relay relay() {
    return ((MediaAnchor.Allocation.Granted) anchor.allocate("call-" + started.size())).relay();
  }

  private Baresip phone(String name, Speech speech, boolean encrypted, double hertz)
      throws IOException {
    String encryption = encrypted ? "srtp-mand" : Baresip.CLEAR;
    Baresip phone = Baresip.alone(directory.resolve(name), speech, encryption, hertz);
    started.push(phone);
    Books.await("baresip waits for calls", PATIENCE_SECONDS, phone::isReady);
    return phone;
  }

  private RoomLine line(
      Baresip phone, Relay relay, Side side, Speech speech, boolean encrypted, VoiceRoom room)
      throws Exception {
    SecurityPolicy policy = encrypted ? SecurityPolicy.REQUIRED : SecurityPolicy.NONE;
    VoiceCodec codec = VoiceCodec.valueOf(speech.name());
    RoomLine line = RoomLine.calling(phone.address(), relay, side, codec, policy, room);
    started.push(line);
    return line.answered();
  }

  private static void hears(Baresip phone, int hertz) {
    try {
      Books.await("it hears " + hertz, PATIENCE_SECONDS, () -> phone.hears(hertz));
    } catch (AssertionError never) {
      throw new AssertionError(never.getMessage() + ", but " + phone.heard() + '\n' + phone.log());
    }
  }
}
