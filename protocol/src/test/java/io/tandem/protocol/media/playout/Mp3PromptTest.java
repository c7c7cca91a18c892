package io.tandem.protocol.media.playout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** MP3 files of LAME's encoder as prompts: a tone of 1000 Hz. */
class Mp3PromptTest {
  @BeforeEach
  void where_the_system_can() {
    assumeTrue(Mpg123.here().isPresent(), "needs peer: libmpg123");
  }

  @ParameterizedTest
  @CsvSource({"tone-16000-mono.mp3, 2", "tone-44100-stereo.mp3, 1"})
  void a_file_of_lame_is_played_with_its_tone(String name, double seconds) throws IOException {
    Prompt prompt = ((Prompt.Reading.Read) read(file(name))).prompt();
    assertThat(prompt.seconds()).isBetween(seconds, seconds + 0.2);
    short[] heard = new short[8000];
    int unused = prompt.at(8000).fill(heard, 0, heard.length);
    assertThat(ToneDetector.detect(Arrays.copyOfRange(heard, 1000, 8000)).is(1000, 3)).isTrue();
  }

  @Test
  void what_is_cut_off_or_damaged_is_as_long_as_what_is_good_of_it() throws IOException {
    byte[] whole = file("tone-16000-mono.mp3");
    for (int length = 3; length < whole.length; length += 199) {
      if (read(Arrays.copyOf(whole, length)) instanceof Prompt.Reading.Read(Prompt prompt)) {
        assertThat(prompt.seconds()).isLessThan(2.2);
      }
    }
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int i = 0; i < 200; i++) {
      byte[] damaged = whole.clone();
      damaged[3 + random.nextInt(whole.length - 3)] ^= (byte) (1 << random.nextInt(8));
      if (read(damaged) instanceof Prompt.Reading.Read(Prompt prompt)) {
        assertThat(prompt.seconds()).as("seed %d", seed).isLessThan(4);
      }
    }
  }

  @Test
  void what_only_begins_like_one_is_refused() throws IOException {
    byte[] noise = new byte[5000];
    noise[0] = 'I';
    noise[1] = 'D';
    noise[2] = '3';
    assertThat(read(noise)).isInstanceOf(Prompt.Reading.Refused.class);
    assertThat(read(Arrays.copyOf(noise, 3))).isInstanceOf(Prompt.Reading.Refused.class);
  }

  private static byte[] file(String name) throws IOException {
    try (InputStream in = Mp3PromptTest.class.getResourceAsStream(name)) {
      return in.readAllBytes();
    }
  }

  private static Prompt.Reading read(byte[] octets) throws IOException {
    return Prompt.read(new ByteArrayInputStream(octets));
  }
}
