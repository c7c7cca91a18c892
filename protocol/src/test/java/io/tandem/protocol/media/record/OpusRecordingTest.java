package io.tandem.protocol.media.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tandem.protocol.media.ogg.OggPages;
import io.tandem.protocol.media.playout.ToneDetector;
import java.io.File;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import javax.sound.sampled.AudioInputStream;
import javax.sound.sampled.AudioSystem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Ogg/Opus recordings, read by a reader of the test and by the tools of those who made Opus. */
class OpusRecordingTest {
  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(ints = {8000, 16_000, 48_000})
  void each_side_is_on_its_channel_and_the_file_is_as_long_as_the_sound(int rate) throws Exception {
    Path file = folder.resolve("call.opus");
    Recording recording = StereoRecording.opus(file, rate);
    say(recording, rate, 75);
    Recording.Done done = recording.finish();
    assertThat(done.failure()).isEmpty();
    OggOpusFile ogg = OggOpusFile.read(Files.readAllBytes(file));
    assertThat(ogg.ended()).isTrue();
    assertThat(ogg.sides()[0]).as("1.5 s, to the sample").hasSize(72_000);
    ogg.holdsTones(1.5);
    assertThat(ogg.pages().getFirst().flags()).isEqualTo(OggPages.FIRST_PAGE);
    for (int i = 0; i < ogg.pages().size(); i++) {
      assertThat(ogg.pages().get(i).number()).isEqualTo(i);
    }
    assertThat(done.octets()).as("a third of G.711 and less").isLessThan(24_000);
  }

  @Test
  void wherever_it_is_cut_off_what_is_before_can_be_read() throws Exception {
    Path file = folder.resolve("call.opus");
    Recording recording = StereoRecording.opus(file, 8000);
    say(recording, 8000, 50);
    recording.finish();
    byte[] whole = Files.readAllBytes(file);
    int before = 0;
    for (int length = 200; length <= whole.length; length += 97) {
      OggOpusFile cut = OggOpusFile.read(Arrays.copyOf(whole, length));
      assertThat(cut.packets().size()).isGreaterThanOrEqualTo(before);
      before = cut.packets().size();
    }
    assertThat(OggOpusFile.read(whole).packets()).hasSizeGreaterThanOrEqualTo(52);
  }

  @Test
  void sealed_it_opens_with_its_key_only() throws Exception {
    SecretKey key = new SecretKeySpec(new byte[32], "AES");
    Path file = folder.resolve("call.sealed");
    Recording recording = StereoRecording.sealedOpus(file, 8000, key);
    say(recording, 8000, 75);
    assertThat(recording.finish().failure()).isEmpty();
    String raw = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
    assertThat(raw).doesNotContain("OggS", "OpusHead");
    SealedStore.Content content = SealedStore.open(file, key);
    assertThat(content.complete()).isTrue();
    OggOpusFile.read(content.octets()).holdsTones(1.5);
  }

  @Test
  void the_tools_of_xiph_find_no_fault_and_hear_both_sides() throws Exception {
    assumeTrue(installed("opusinfo") && installed("opusdec"), "needs peer: opus-tools");
    Path file = folder.resolve("call.opus");
    Recording recording = StereoRecording.opus(file, 16_000);
    say(recording, 16_000, 100);
    recording.finish();
    String told = run("opusinfo", file.toString());
    assertThat(told).contains("Channels: 2", "Playback length: 0m:02.000s");
    assertThat(told.toLowerCase(java.util.Locale.ROOT)).doesNotContain("warning", "error");
    Path wav = folder.resolve("call.wav");
    run("opusdec", "--rate", "8000", "--no-dither", file.toString(), wav.toString());
    try (AudioInputStream in = AudioSystem.getAudioInputStream(wav.toFile())) {
      ByteBuffer pcm = ByteBuffer.wrap(in.readAllBytes()).order(ByteOrder.LITTLE_ENDIAN);
      short[][] sides = new short[2][pcm.remaining() / 4];
      for (int i = 0; i < sides[0].length; i++) {
        sides[0][i] = pcm.getShort();
        sides[1][i] = pcm.getShort();
      }
      assertThat(ToneDetector.detect(sides[0]).is(440, 3)).isTrue();
      assertThat(ToneDetector.detect(sides[1]).is(1000, 3)).isTrue();
    }
  }

  private static boolean installed(String program) {
    return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
  }

  private static String run(String... command) throws Exception {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String told = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(told).isZero();
    return told;
  }

  private static void say(Recording recording, int rate, int frames) {
    int frame = rate / 50;
    short[] left = new short[frame];
    short[] right = new short[frame];
    for (int f = 0; f < frames; f++) {
      for (int i = 0; i < frame; i++) {
        double t = 2 * Math.PI * (f * frame + i) / rate;
        left[i] = (short) (8000 * Math.sin(440 * t));
        right[i] = (short) (8000 * Math.sin(1000 * t));
      }
      recording.write(left, right, frame);
    }
  }
}
