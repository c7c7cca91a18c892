package io.tandem.protocol.media.playout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tandem.protocol.media.codec.G711;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ToneTest {
  @ParameterizedTest
  @EnumSource(G711.class)
  void a_tone_that_is_made_is_found_at_its_frequency(G711 codec) {
    for (double hertz : new double[] {62.5, 300, 425, 440, 697, 1004, 1633, 2600, 3400}) {
      byte[] octets = new ToneSource(codec, hertz, 0.5).octets(Duration.ofSeconds(1));
      ToneDetector.Tone tone = ToneDetector.detect(codec.decode(octets));
      assertThat(tone.frequencyHz()).isCloseTo(hertz, Offset.offset(1.0));
      assertThat(tone.share()).isGreaterThan(0.95);
      assertThat(tone.levelDbfs()).isCloseTo(-6.02, Offset.offset(0.1));
    }
  }

  @Test
  void a_tone_has_no_break_between_packets() {
    ToneSource inPackets = new ToneSource(G711.ULAW, 437, 0.7);
    byte[] whole = new ToneSource(G711.ULAW, 437, 0.7).octets(Duration.ofMillis(100));
    byte[] packet = new byte[G711.OCTETS_PER_20_MS];
    for (int i = 0; i < 5; i++) {
      inPackets.fill(packet);
      assertThat(packet).isEqualTo(Arrays.copyOfRange(whole, 160 * i, 160 * (i + 1)));
    }
  }

  @Test
  void noise_and_silence_are_no_tone() {
    short[] noise = new short[8000];
    Random random = new Random(42);
    for (int i = 0; i < noise.length; i++) {
      noise[i] = (short) random.nextInt(-8000, 8000);
    }
    assertThat(ToneDetector.detect(noise).share()).isLessThan(0.1);
    assertThat(ToneDetector.detect(new short[8000])).isEqualTo(ToneDetector.Tone.SILENCE);
    assertThat(ToneDetector.detect(new short[10])).isEqualTo(ToneDetector.Tone.SILENCE);
  }

  @Test
  void of_two_tones_the_stronger_is_named_with_its_share() {
    short[] strong = G711.ULAW.decode(new ToneSource(G711.ULAW, 1000, 0.4).octets(second()));
    short[] weak = G711.ULAW.decode(new ToneSource(G711.ULAW, 500, 0.2).octets(second()));
    for (int i = 0; i < strong.length; i++) {
      strong[i] += weak[i];
    }
    ToneDetector.Tone tone = ToneDetector.detect(strong);
    assertThat(tone.frequencyHz()).isCloseTo(1000, Offset.offset(1.0));
    assertThat(tone.share()).isCloseTo(0.8, Offset.offset(0.02));
  }

  @Test
  void a_tone_out_of_the_band_or_louder_than_full_scale_is_refused() {
    assertThatThrownBy(() -> new ToneSource(G711.ULAW, 4000, 0.5)).hasMessageContaining("4000");
    assertThatThrownBy(() -> new ToneSource(G711.ULAW, 1000, 1.5)).hasMessageContaining("1.5");
  }

  private static Duration second() {
    return Duration.ofSeconds(1);
  }
}
