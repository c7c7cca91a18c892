package io.tandem.protocol.media.playout;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.protocol.media.codec.G711;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import javax.sound.sampled.AudioFormat;
import javax.sound.sampled.AudioInputStream;
import javax.sound.sampled.AudioSystem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Files are read back by the JDK's own reader, which nobody here wrote. */
class AudioFileTest {
  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource(G711.class)
  void a_wav_of_g711_is_understood_by_others(G711 codec) throws Exception {
    byte[] octets = new ToneSource(codec, 440, 0.5).octets(Duration.ofMillis(201));
    Path file = folder.resolve("tone.wav");
    AudioFile.writeWav(file, codec, octets);
    try (AudioInputStream in = AudioSystem.getAudioInputStream(file.toFile())) {
      AudioFormat format = in.getFormat();
      assertThat(format.getEncoding())
          .isEqualTo(codec == G711.ULAW ? AudioFormat.Encoding.ULAW : AudioFormat.Encoding.ALAW);
      assertThat(format.getSampleRate()).isEqualTo(8000);
      assertThat(in.readAllBytes()).isEqualTo(octets);
    }
  }

  @Test
  void a_wav_of_samples_is_understood_by_others() throws Exception {
    short[] samples = {0, 1, -1, Short.MAX_VALUE, Short.MIN_VALUE};
    Path file = folder.resolve("samples.wav");
    AudioFile.writeWav(file, samples);
    try (AudioInputStream in = AudioSystem.getAudioInputStream(file.toFile())) {
      short[] read = new short[samples.length];
      ByteBuffer.wrap(in.readAllBytes()).order(ByteOrder.LITTLE_ENDIAN).asShortBuffer().get(read);
      assertThat(in.getFormat().getSampleSizeInBits()).isEqualTo(16);
      assertThat(read).isEqualTo(samples);
    }
  }

  @Test
  void a_raw_file_is_the_octets_and_nothing_else() throws Exception {
    Path file = folder.resolve("tone.ul");
    AudioFile.writeRaw(file, new byte[] {1, 2, 3});
    assertThat(Files.readAllBytes(file)).containsExactly(1, 2, 3);
  }
}
