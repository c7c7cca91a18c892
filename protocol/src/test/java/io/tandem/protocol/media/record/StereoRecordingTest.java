package io.tandem.protocol.media.record;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.protocol.media.playout.ToneDetector;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import javax.sound.sampled.AudioInputStream;
import javax.sound.sampled.AudioSystem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Recordings, read back by the JDK's own WAV reader. */
class StereoRecordingTest {
  private static final SecretKey KEY =
      new SecretKeySpec(
          HexFormat.of().parseHex("00112233445566778899aabbccddeeff".repeat(2)), "AES");

  @TempDir Path folder;

  @Test
  void a_recording_holds_both_sides_and_its_hash_is_that_of_the_file() throws Exception {
    Path file = folder.resolve("call.wav");
    Recording recording = StereoRecording.wav(file, 8000);
    say(recording, 100, 0);
    Recording.Done done = recording.finish();
    assertThat(done.failure()).isEmpty();
    assertThat(done.seconds()).isEqualTo(2.0);
    assertThat(done.lostMillis()).isZero();
    byte[] octets = Files.readAllBytes(file);
    byte[] hash = MessageDigest.getInstance("SHA-256").digest(octets);
    assertThat(done.sha256()).isEqualTo(HexFormat.of().formatHex(hash));
    assertThat(done.octets()).isEqualTo(octets.length);
    holdsTones(octets, 2.0);
  }

  @Test
  void what_is_said_in_a_pause_is_not_in_the_file() throws Exception {
    Path file = folder.resolve("call.wav");
    Recording recording = StereoRecording.wav(file, 8000);
    say(recording, 50, 0);
    recording.pause();
    short[] card = new short[160];
    Arrays.fill(card, (short) 31_000);
    for (int i = 0; i < 20; i++) {
      recording.write(card, card, 160);
    }
    recording.resume();
    say(recording, 50, 50);
    Recording.Done done = recording.finish();
    assertThat(done.seconds()).isEqualTo(2.0);
    assertThat(done.gaps()).as("and its place is known").containsExactly(new Recording.Gap(1, 0.4));
    short[][] sides = sides(Files.readAllBytes(file));
    for (short sample : sides[0]) {
      assertThat(sample).isLessThan((short) 9000);
    }
  }

  @Test
  void what_could_not_be_heard_is_a_gap_and_in_a_pause_part_of_it() throws Exception {
    Recording recording = StereoRecording.wav(folder.resolve("call.wav"), 8000);
    say(recording, 50, 0);
    recording.missed(2500);
    say(recording, 25, 50);
    recording.pause();
    recording.missed(1000);
    say(recording, 50, 75);
    recording.resume();
    say(recording, 25, 125);
    recording.missed(500);
    Recording.Done done = recording.finish();
    assertThat(done.seconds()).isEqualTo(2.0);
    assertThat(done.lostMillis()).as("what was paused is not lost").isEqualTo(3000);
    assertThat(done.gaps())
        .containsExactly(
            new Recording.Gap(1, 2.5), new Recording.Gap(1.5, 2), new Recording.Gap(2, 0.5));
  }

  @Test
  void what_a_slow_disk_drops_is_a_gap() throws Exception {
    Recording recording = StereoRecording.wav(folder.resolve("call.wav"), 8000);
    short[] minute = new short[60 * 8000];
    say(recording, 50, 0);
    recording.write(minute, minute, minute.length); // more than waits for any disk
    say(recording, 25, 50);
    Recording.Done done = recording.finish();
    assertThat(done.lostMillis()).isEqualTo(60_000);
    assertThat(done.gaps()).containsExactly(new Recording.Gap(1, 60));
  }

  @Test
  void a_leg_that_changes_its_rate_is_recorded_on_at_that_of_the_file() throws Exception {
    Path file = folder.resolve("call.wav");
    Recording recording = StereoRecording.wav(file, 8000);
    say(recording, 50, 0);
    try (Recording wide = new ResampledRecording(recording, 16_000, 8000)) {
      short[] said = new short[320];
      for (int beat = 0; beat < 50; beat++) {
        for (int i = 0; i < said.length; i++) {
          said[i] = (short) (8000 * Math.sin(2 * Math.PI * 700 * (beat * 320 + i) / 16_000));
        }
        wide.write(said, said, said.length);
      }
      assertThat(wide.finish().seconds()).isEqualTo(2.0);
    }
    short[][] sides = sides(Files.readAllBytes(file));
    for (short[] side : sides) {
      short[] last = Arrays.copyOfRange(side, 9000, 16_000);
      assertThat(ToneDetector.detect(last).is(700, 3)).isTrue();
    }
  }

  @Test
  void a_sealed_recording_shows_nothing_and_opens_with_its_key_only() throws Exception {
    Path file = folder.resolve("call.sealed");
    Recording recording = StereoRecording.sealed(file, 8000, KEY);
    say(recording, 100, 0);
    assertThat(recording.finish().failure()).isEmpty();
    String raw = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
    assertThat(raw).doesNotContain("RIFF", "WAVE");
    SealedStore.Content content = SealedStore.open(file, KEY);
    assertThat(content.complete()).isTrue();
    holdsTones(content.octets(), 2.0);
    SecretKey other = new SecretKeySpec(new byte[32], "AES");
    assertThat(SealedStore.open(file, other).octets()).isEmpty();
    assertThat(SealedStore.open(file, other).complete()).isFalse();
  }

  @Test
  void a_changed_or_cut_chunk_ends_what_is_believed() throws Exception {
    Path file = folder.resolve("call.sealed");
    Recording recording = StereoRecording.sealed(file, 8000, KEY);
    say(recording, 50, 0);
    recording.finish();
    byte[] octets = Files.readAllBytes(file);
    Path cut = folder.resolve("cut");
    Files.write(cut, Arrays.copyOf(octets, octets.length - 1));
    assertThat(SealedStore.open(cut, KEY).complete()).isFalse();
    byte[] flipped = octets.clone();
    flipped[octets.length / 2] ^= 1;
    Path changed = folder.resolve("changed");
    Files.write(changed, flipped);
    assertThat(SealedStore.open(changed, KEY).complete()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"plain", "sealed", "opus"})
  void a_killed_jvm_leaves_a_readable_file_up_to_its_last_second(String kind) throws Exception {
    Path file = folder.resolve("killed");
    Process recorder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                KilledRecorder.class.getName(),
                kind,
                file.toString())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    int seconds = 0;
    try (BufferedReader said = recorder.inputReader()) {
      while (seconds < 3) {
        String line = said.readLine();
        assertThat(line).as("the recorder lives").isNotNull();
        seconds = line.chars().allMatch(Character::isDigit) ? Integer.parseInt(line) : seconds;
      }
    } finally {
      recorder.destroyForcibly(); // SIGKILL
      recorder.waitFor();
    }
    if (kind.equals("opus")) {
      OggOpusFile ogg = OggOpusFile.read(Files.readAllBytes(file));
      assertThat(ogg.ended()).as("nobody ended it").isFalse();
      ogg.holdsTones(seconds - 1);
      return;
    }
    byte[] wav =
        kind.equals("plain") ? Files.readAllBytes(file) : SealedStore.open(file, KEY).octets();
    if (kind.equals("sealed")) {
      assertThat(SealedStore.open(file, KEY).complete()).isFalse();
    }
    holdsTones(wav, seconds - 1);
  }

  private static void say(Recording recording, int frames, int from) {
    short[] left = new short[160];
    short[] right = new short[160];
    for (int frame = from; frame < from + frames; frame++) {
      for (int i = 0; i < 160; i++) {
        double t = 2 * Math.PI * (frame * 160 + i) / 8000;
        left[i] = (short) (8000 * Math.sin(440 * t));
        right[i] = (short) (8000 * Math.sin(1000 * t));
      }
      recording.write(left, right, 160);
    }
  }

  private static void holdsTones(byte[] wav, double atLeastSeconds) throws Exception {
    short[][] sides = sides(wav);
    assertThat(sides[0].length).isGreaterThanOrEqualTo((int) (atLeastSeconds * 8000));
    assertThat(ToneDetector.detect(sides[0]).is(440, 2)).isTrue();
    assertThat(ToneDetector.detect(sides[1]).is(1000, 2)).isTrue();
  }

  private static short[][] sides(byte[] wav) throws Exception {
    InputStream octets = new ByteArrayInputStream(wav);
    try (AudioInputStream in = AudioSystem.getAudioInputStream(octets)) {
      assertThat(in.getFormat().getChannels()).isEqualTo(2);
      assertThat(in.getFormat().getSampleRate()).isEqualTo(8000);
      ByteBuffer pcm = ByteBuffer.wrap(in.readAllBytes()).order(ByteOrder.LITTLE_ENDIAN);
      short[][] sides = new short[2][pcm.remaining() / 4];
      for (int i = 0; i < sides[0].length; i++) {
        sides[0][i] = pcm.getShort();
        sides[1][i] = pcm.getShort();
      }
      return sides;
    }
  }
}
