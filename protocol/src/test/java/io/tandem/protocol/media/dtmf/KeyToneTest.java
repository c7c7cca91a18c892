package io.tandem.protocol.media.dtmf;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.protocol.media.codec.G711;
import io.tandem.protocol.media.codec.Signals;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Keys as sound: heard where ITU-T Q.24 wants them heard, and not in speech or noise. */
class KeyToneTest {
  private static final String ALL = "0123456789*#ABCD";

  @ParameterizedTest
  @ValueSource(ints = {8000, 16000, 48000})
  void what_is_played_is_heard_at_any_rate(int rate) {
    KeyTones tones = new KeyTones(rate, 60, 60);
    tones.press(ALL + "1122");
    StringBuilder heard = new StringBuilder();
    KeyToneDetector detector = new KeyToneDetector(rate);
    short[] frame = new short[rate / 50];
    while (tones.isBusy()) {
      tones.fill(frame, 0, frame.length);
      add(heard, detector.hear(frame, 0, frame.length));
    }
    assertThat(heard.toString()).isEqualTo(ALL + "1122");
  }

  @Test
  void keys_are_heard_through_g711_at_all_levels_and_with_twist() {
    for (double dbm : new double[] {-3, -10, -20, -25}) {
      for (double twist : new double[] {-3.5, 0, 3.5, 7}) {
        // A positive twist weakens the high group.
        String heard = heard(keys(dbm, twist, 50, 50, 1, 1));
        assertThat(heard).as("%.0f dBm0, twist %.1f dB", dbm, twist).isEqualTo(ALL);
      }
    }
  }

  @Test
  void frequencies_may_be_off_by_one_and_a_half_per_cent_and_not_by_three_and_a_half() {
    assertThat(heard(keys(-10, 0, 50, 50, 1.015, 0.985))).isEqualTo(ALL);
    assertThat(heard(keys(-10, 0, 50, 50, 1.035, 1.035))).isEmpty();
    assertThat(heard(keys(-10, 0, 50, 50, 0.965, 0.965))).isEmpty();
  }

  @Test
  void forty_milliseconds_are_a_key_and_twenty_are_none() {
    assertThat(heard(keys(-10, 0, 40, 40, 1, 1))).isEqualTo(ALL);
    assertThat(heard(keys(-10, 0, 20, 60, 1, 1))).isEmpty();
  }

  @Test
  void a_key_is_heard_in_noise_fifteen_decibel_below_it() {
    short[] keys = keys(-10, 0, 70, 60, 1, 1);
    double peak = 0.35 * Math.pow(10, -15 / 20.0) * Math.sqrt(3);
    short[] noise = Signals.noise(4, peak, keys.length);
    for (int i = 0; i < keys.length; i++) {
      keys[i] = (short) Math.clamp(keys[i] + noise[i], Short.MIN_VALUE, Short.MAX_VALUE);
    }
    assertThat(heard(keys)).isEqualTo(ALL);
  }

  @Test
  void two_minutes_of_something_like_speech_and_of_noise_hold_no_key() {
    StringBuilder heard = new StringBuilder();
    for (int seed = 0; seed < 5; seed++) {
      heard.append(heard(Signals.speech(seed, 8000, 8000 * 16)));
      heard.append(heard(Signals.noise(seed, 0.1 + 0.16 * seed, 8000 * 10)));
    }
    assertThat(heard.toString()).isEmpty();
  }

  @Test
  void two_random_tones_are_no_key_unless_they_are_one() {
    Random random = new Random(9);
    for (int i = 0; i < 300; i++) {
      double low = 600 + 450 * random.nextDouble();
      double high = 1100 + 700 * random.nextDouble();
      if (near(low, Keypad.ROW_HZ) && near(high, Keypad.COLUMN_HZ)) {
        continue;
      }
      short[] chord = new short[800];
      short[] a = Signals.tone(low, 0.3, 8000, 800);
      short[] b = Signals.tone(high, 0.3, 8000, 800);
      for (int s = 0; s < chord.length; s++) {
        chord[s] = (short) (a[s] + b[s]);
      }
      assertThat(heard(chord)).as("%.0f and %.0f Hz", low, high).isEmpty();
    }
  }

  private static boolean near(double hertz, int[] tones) {
    for (int tone : tones) {
      if (Math.abs(hertz / tone - 1) < 0.05) {
        return true;
      }
    }
    return false;
  }

  /** All keys, the stronger tone at that level, through µ-law. */
  private static short[] keys(
      double dbm, double twistDb, int toneMillis, int pauseMillis, double offLow, double offHigh) {
    int tone = 8 * toneMillis;
    int each = tone + 8 * pauseMillis;
    short[] samples = new short[ALL.length() * each];
    double peak = 32767 * Math.pow(10, (dbm - 3.14) / 20);
    double low = twistDb < 0 ? peak * Math.pow(10, twistDb / 20) : peak;
    double high = twistDb > 0 ? peak * Math.pow(10, -twistDb / 20) : peak;
    if (low + high > 32767) {
      low *= 0.5;
      high *= 0.5;
    }
    for (int k = 0; k < ALL.length(); k++) {
      for (int i = 0; i < tone; i++) {
        double w = 2 * Math.PI * i / 8000;
        double sum =
            low * Math.sin(w * offLow * Keypad.rowHz(ALL.charAt(k)))
                + high * Math.sin(w * offHigh * Keypad.columnHz(ALL.charAt(k)));
        samples[k * each + i] = G711.ULAW.decode(G711.ULAW.encode((short) Math.round(sum)));
      }
    }
    return samples;
  }

  private static String heard(short[] samples) {
    KeyToneDetector detector = new KeyToneDetector(8000);
    StringBuilder heard = new StringBuilder();
    for (int at = 0; at + 160 <= samples.length; at += 160) {
      add(heard, detector.hear(samples, at, 160));
    }
    return heard.toString();
  }

  private static void add(StringBuilder heard, char key) {
    if (key != KeyToneDetector.NONE) {
      heard.append(key);
    }
  }
}
