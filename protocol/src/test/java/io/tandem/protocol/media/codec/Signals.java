package io.tandem.protocol.media.codec;

import java.util.Random;

/** Samples to test with, all from seeds. */
public final class Signals {
  private Signals() {}

  /** A sine with no break, from sample 0. */
  public static short[] tone(double hertz, double amplitude, int rateHz, int samples) {
    short[] tone = new short[samples];
    for (int i = 0; i < samples; i++) {
      tone[i] =
          (short) Math.round(32767 * amplitude * StrictMath.sin(2 * Math.PI * hertz * i / rateHz));
    }
    return tone;
  }

  /** White noise of uniform distribution. */
  public static short[] noise(long seed, double amplitude, int samples) {
    Random random = new Random(seed);
    short[] noise = new short[samples];
    for (int i = 0; i < samples; i++) {
      noise[i] = (short) ((2 * random.nextDouble() - 1) * amplitude * 32767);
    }
    return noise;
  }

  /**
   * Something like speech: a gliding pitch with harmonics under three formants, syllables of 200 ms
   * and pauses between them, a little noise.
   */
  public static short[] speech(long seed, int rateHz, int samples) {
    Random random = new Random(seed);
    double pitch = 90 + 120 * random.nextDouble();
    double[] formants = {500, 1500, 2500};
    double[] voice = new double[samples];
    double phase = 0;
    double peak = 1;
    for (int i = 0; i < samples; i++) {
      double seconds = (double) i / rateHz;
      if (i % (rateHz / 5) == 0) {
        formants[0] = 300 + 500 * random.nextDouble();
        formants[1] = 900 + 1200 * random.nextDouble();
        formants[2] = 2200 + 900 * random.nextDouble();
      }
      double hertz = pitch * (1 + 0.15 * StrictMath.sin(2 * Math.PI * 1.7 * seconds));
      phase += 2 * Math.PI * hertz / rateHz;
      double syllable = Math.max(0, StrictMath.sin(2 * Math.PI * 2.5 * seconds));
      double sum = 0;
      for (int h = 1; h * hertz < Math.min(3800, rateHz / 2.0); h++) {
        double gain = 0;
        for (double formant : formants) {
          gain += 1 / (1 + StrictMath.pow((h * hertz - formant) / 120, 2));
        }
        sum += gain * StrictMath.sin(h * phase);
      }
      voice[i] = syllable * sum + 0.01 * random.nextGaussian();
      peak = Math.max(peak, Math.abs(voice[i]));
    }
    short[] speech = new short[samples];
    for (int i = 0; i < samples; i++) {
      speech[i] = (short) (voice[i] / peak * 20000);
    }
    return speech;
  }

  /**
   * Signal to noise in decibel of what came out, at the delay (in samples, fractions allowed
   * through the phase) and gain that fit a sine of this frequency best: the power of the fitted
   * sine against all that is left.
   */
  public static double toneSnrDb(short[] samples, int from, double hertz, int rateHz) {
    int n = samples.length - from;
    double w = 2 * Math.PI * hertz / rateHz;
    double cc = 0;
    double cs = 0;
    double ss = 0;
    double xc = 0;
    double xs = 0;
    for (int i = 0; i < n; i++) {
      double c = Math.cos(w * i);
      double s = StrictMath.sin(w * i);
      cc += c * c;
      cs += c * s;
      ss += s * s;
      xc += c * samples[from + i];
      xs += s * samples[from + i];
    }
    double det = cc * ss - cs * cs;
    double a = (xc * ss - xs * cs) / det;
    double b = (xs * cc - xc * cs) / det;
    double signal = 0;
    double noise = 1e-9;
    for (int i = 0; i < n; i++) {
      double fit = a * Math.cos(w * i) + b * StrictMath.sin(w * i);
      signal += fit * fit;
      noise += (samples[from + i] - fit) * (samples[from + i] - fit);
    }
    return 10 * Math.log10(signal / noise);
  }

  /** Mean power in decibel against a full-scale sine. */
  public static double levelDb(short[] samples, int from, int count) {
    double sum = 1e-9;
    for (int i = from; i < from + count; i++) {
      sum += (double) samples[i] * samples[i];
    }
    return 10 * Math.log10(sum / count / (32767.0 * 32767 / 2));
  }
}
