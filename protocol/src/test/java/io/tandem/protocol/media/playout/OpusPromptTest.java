package io.tandem.protocol.media.playout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tandem.protocol.media.record.Recording;
import io.tandem.protocol.media.record.StereoRecording;
import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ogg/Opus files as prompts: those of Xiph's encoder and our own recordings. */
class OpusPromptTest {
  private static final int SECONDS = 2;

  @TempDir Path folder;

  @Test
  void a_file_of_xiphs_encoder_is_played_with_its_length_to_the_sample() throws Exception {
    assumeTrue(installed("opusenc"), "needs peer: opus-tools");
    Path wav = folder.resolve("tone.wav");
    short[] tone = new short[SECONDS * 8000];
    for (int i = 0; i < tone.length; i++) {
      tone[i] = (short) (8000 * Math.sin(2 * Math.PI * 440 * i / 8000));
    }
    AudioFile.writeWav(wav, tone);
    Path opus = folder.resolve("tone.opus");
    Process encoder =
        new ProcessBuilder("opusenc", "--quiet", wav.toString(), opus.toString())
            .inheritIO()
            .start();
    assertThat(encoder.waitFor()).isZero();
    Prompt prompt = read(Files.readAllBytes(opus));
    assertThat(prompt.seconds()).isEqualTo(SECONDS);
    assertThat(tone(prompt).is(440, 3)).isTrue();
  }

  @Test
  void a_recording_of_ours_is_played_with_both_sides() throws IOException {
    Prompt left = read(recording(8000, 400));
    assertThat(left.seconds()).isEqualTo(1);
    assertThat(tone(left).is(440, 3)).isTrue();
    assertThat(tone(read(recording(400, 8000))).is(1000, 3)).isTrue();
  }

  @Test
  void what_is_cut_off_or_damaged_is_as_long_as_what_is_good_of_it() throws IOException {
    byte[] whole = recording(8000, 8000);
    double before = 0;
    for (int length = 400; length < whole.length; length += 333) {
      double seconds = read(Arrays.copyOf(whole, length)).seconds();
      assertThat(seconds).isBetween(before, 1.02);
      before = seconds;
    }
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int i = 0; i < 200; i++) {
      byte[] damaged = whole.clone();
      damaged[random.nextInt(whole.length)] ^= (byte) (1 << random.nextInt(8));
      Prompt.Reading reading = Prompt.read(new ByteArrayInputStream(damaged));
      if (reading instanceof Prompt.Reading.Read(Prompt prompt)) {
        assertThat(prompt.seconds()).as("seed %d", seed).isLessThanOrEqualTo(1.02);
      }
    }
  }

  @Test
  void what_is_no_opus_is_refused() throws IOException {
    for (byte[] no :
        new byte[][] {{}, "OggS".getBytes(java.nio.charset.StandardCharsets.US_ASCII)}) {
      assertThat(Prompt.read(new ByteArrayInputStream(no)))
          .isInstanceOf(Prompt.Reading.Refused.class);
    }
  }

  private byte[] recording(int leftPeak, int rightPeak) throws IOException {
    Path file = folder.resolve(leftPeak + "-" + rightPeak + ".opus");
    Recording recording = StereoRecording.opus(file, 8000);
    short[] left = new short[160];
    short[] right = new short[160];
    for (int frame = 0; frame < 50; frame++) {
      for (int i = 0; i < 160; i++) {
        double t = 2 * Math.PI * (frame * 160 + i) / 8000;
        left[i] = (short) (leftPeak * Math.sin(440 * t));
        right[i] = (short) (rightPeak * Math.sin(1000 * t));
      }
      recording.write(left, right, 160);
    }
    assertThat(recording.finish().failure()).isEmpty();
    return Files.readAllBytes(file);
  }

  private static Prompt read(byte[] file) throws IOException {
    Prompt.Reading reading = Prompt.read(new ByteArrayInputStream(file));
    assertThat(reading).isInstanceOf(Prompt.Reading.Read.class);
    return ((Prompt.Reading.Read) reading).prompt();
  }

  private static ToneDetector.Tone tone(Prompt prompt) {
    short[] samples = new short[7000];
    assertThat(prompt.at(8000).fill(samples, 0, samples.length)).isEqualTo(samples.length);
    return ToneDetector.detect(samples);
  }

  private static boolean installed(String program) {
    return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
  }
}
