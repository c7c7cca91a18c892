package io.tandem.protocol.media.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResamplerTest {
  @ParameterizedTest
  @CsvSource({
    "8000,16000,300",
    "8000,16000,1000",
    "8000,16000,3400",
    "8000,48000,1000",
    "8000,48000,3400",
    "16000,48000,1000",
    "16000,48000,6800",
    "16000,8000,300",
    "16000,8000,1000",
    "16000,8000,3400",
    "48000,8000,1000",
    "48000,8000,3400",
    "48000,16000,1000",
    "48000,16000,6800"
  })
  void a_tone_of_the_common_band_keeps_level_and_cleanness(int from, int to, double hertz) {
    short[] out = resampled(Signals.tone(hertz, 0.5, from, from), from, to);
    int settled = to / 10;
    double snr = Signals.toneSnrDb(out, settled, hertz, to);
    System.out.printf("resample %d → %d, %.0f Hz: SNR %.1f dB%n", from, to, hertz, snr);
    assertThat(snr).isGreaterThan(60);
    assertThat(Signals.levelDb(out, settled, out.length - settled)).isBetween(-6.2, -5.9);
  }

  @ParameterizedTest
  @CsvSource({"16000,8000,4700", "48000,8000,4700", "48000,8000,15000", "48000,16000,9300"})
  void what_the_lower_rate_cannot_carry_does_not_come_back_as_an_alias(
      int from, int to, double hertz) {
    short[] out = resampled(Signals.tone(hertz, 0.9, from, from), from, to);
    assertThat(Signals.levelDb(out, to / 10, out.length - to / 10)).isLessThan(-60);
  }

  @Test
  void the_same_rate_is_a_copy() {
    short[] speech = Signals.speech(1, 16000, 16000);
    assertThat(resampled(speech, 16000, 16000)).isEqualTo(speech);
  }

  @Test
  void the_size_of_the_pieces_is_not_heard() {
    short[] speech = Signals.speech(1, 16000, 16000);
    short[] whole = resampled(speech, 16000, 48000);
    Resampler resampler = new Resampler(16000, 48000);
    short[] pieces = new short[whole.length];
    int at = 0;
    for (int from = 0, piece = 1; from < speech.length; from += piece, piece = piece % 320 + 1) {
      piece = Math.min(piece, speech.length - from);
      at += resampler.resample(speech, from, piece, pieces, at);
    }
    assertThat(pieces).isEqualTo(whole);
  }

  @Test
  void full_scale_saturates_and_does_not_wrap() {
    short[] square = new short[8000];
    for (int i = 0; i < square.length; i++) {
      square[i] = (i / 20) % 2 == 0 ? Short.MAX_VALUE : Short.MIN_VALUE;
    }
    short[] out = resampled(square, 8000, 16000);
    // The middle of each half-wave is flat: nothing has jumped to the other sign there.
    int delay = 32;
    for (int half = 10; half < 100; half++) {
      int middle = delay + half * 40 + 20;
      assertThat(Integer.signum(out[middle])).isEqualTo(half % 2 == 0 ? 1 : -1);
    }
  }

  @Test
  void other_rates_are_refused() {
    assertThatThrownBy(() -> new Resampler(11025, 8000))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static short[] resampled(short[] in, int from, int to) {
    Resampler resampler = new Resampler(from, to);
    int frame = from / 50;
    short[] out = new short[in.length / frame * resampler.outputOf(frame)];
    int at = 0;
    for (int i = 0; i + frame <= in.length; i += frame) {
      at += resampler.resample(in, i, frame, out, at);
    }
    return Arrays.copyOf(out, at);
  }
}
