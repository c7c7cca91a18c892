package io.tandem.protocol.media.codec;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ComfortNoiseTest {
  private static final int SECOND = 8000;

  /** 0 dBov is a full-scale square wave, 3 dB above our full-scale sine. */
  private static final double SINE_OF_DBOV = 3.01;

  @ParameterizedTest
  @ValueSource(ints = {30, 50, 70})
  void noise_has_the_level_that_was_asked_for(int level) {
    ComfortNoise noise = new ComfortNoise(5);
    assertThat(noise.read(new byte[] {(byte) level}, 0, 1)).isTrue();
    assertThat(Signals.levelDb(filled(noise), 0, SECOND))
        .isBetween(-level + SINE_OF_DBOV - 1, -level + SINE_OF_DBOV + 1);
  }

  @Test
  void coloured_noise_is_described_and_made_again_with_its_level_and_colour() {
    short[] rumble = new short[SECOND];
    short[] white = Signals.noise(9, 0.1, SECOND);
    for (int i = 1; i < SECOND; i++) {
      rumble[i] = (short) (0.9 * rumble[i - 1] + 0.3 * white[i]);
    }
    byte[] payload = new byte[1 + ComfortNoise.MAX_ORDER];
    int octets = new ComfortNoise(1).describe(rumble, 0, SECOND, payload, 0);
    ComfortNoise other = new ComfortNoise(5);
    other.read(payload, 0, octets);
    short[] made = filled(other);
    assertThat(Signals.levelDb(made, 0, SECOND))
        .isBetween(
            Signals.levelDb(rumble, 0, SECOND) - 1.5, Signals.levelDb(rumble, 0, SECOND) + 1.5);
    assertThat(neighbourCorrelation(made)).isBetween(0.85, 0.95);
  }

  @Test
  void silence_is_described_in_one_octet() {
    byte[] payload = new byte[1 + ComfortNoise.MAX_ORDER];
    assertThat(new ComfortNoise(1).describe(new short[160], 0, 160, payload, 0)).isEqualTo(1);
    assertThat(payload[0]).isEqualTo((byte) 127);
  }

  @Test
  void an_empty_payload_changes_nothing() {
    ComfortNoise noise = new ComfortNoise(5);
    assertThat(noise.read(new byte[0], 0, 0)).isFalse();
    assertThat(filled(noise)).containsOnly((short) 0);
  }

  @Test
  void the_wildest_coefficients_stay_bounded() {
    byte[] payload = new byte[11];
    for (int i = 1; i < payload.length; i++) {
      payload[i] = (byte) (i % 2 == 0 ? 255 : 0);
    }
    payload[0] = 20;
    ComfortNoise noise = new ComfortNoise(5);
    noise.read(payload, 0, payload.length);
    assertThat(Signals.levelDb(filled(noise), 0, SECOND)).isLessThan(0);
  }

  private static short[] filled(ComfortNoise noise) {
    short[] samples = new short[SECOND];
    for (int at = 0; at < SECOND; at += 160) {
      noise.fill(samples, at, 160);
    }
    return samples;
  }

  private static double neighbourCorrelation(short[] samples) {
    double product = 0;
    double power = 0;
    for (int i = 1; i < samples.length; i++) {
      product += (double) samples[i] * samples[i - 1];
      power += (double) samples[i] * samples[i];
    }
    return product / power;
  }
}
