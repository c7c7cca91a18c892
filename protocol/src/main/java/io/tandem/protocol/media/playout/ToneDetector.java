package io.tandem.protocol.media.playout;

/**
 * Says which tone a piece of voice is, by Fourier transform: power spectra of overlapping windows
 * are summed (Welch's method, Hann windows of 128 ms), the strongest line is the tone, and its
 * share of all power tells a clean tone from noise. 8000 samples a second.
 */
public final class ToneDetector {
  private static final int SAMPLE_RATE_HZ = 8000;
  private static final int MAX_WINDOW = 1024;
  private static final int MIN_WINDOW = 64;

  /** A Hann window spreads a line over this many bins on either side. */
  private static final int LOBE_BINS = 2;

  private ToneDetector() {}

  /**
   * What was found.
   *
   * @param frequencyHz of the strongest line; 0 for silence
   * @param share of the power in that line, 0 to 1; a clean tone is above 0.9, white noise far
   *     below
   * @param levelDbfs mean power against a full-scale sine, in decibel; -120 for digital silence
   */
  public record Tone(double frequencyHz, double share, double levelDbfs) {
    private static final double SILENCE_DBFS = -120;

    static final Tone SILENCE = new Tone(0, 0, SILENCE_DBFS);

    /** Whether this is a clean tone of that frequency, within a tolerance in hertz. */
    public boolean is(double hertz, double toleranceHz) {
      return share > 0.8 && Math.abs(frequencyHz - hertz) <= toleranceHz;
    }
  }

  /**
   * The dominant tone of the samples.
   *
   * @param samples 16-bit linear, 8000 a second; fewer than 64 (8 ms) are taken for silence
   */
  public static Tone detect(short[] samples) {
    int window = Math.min(MAX_WINDOW, Integer.highestOneBit(samples.length));
    if (window < MIN_WINDOW) {
      return Tone.SILENCE;
    }
    double mean = mean(samples);
    double level = level(samples, mean);
    if (level <= Tone.SILENCE_DBFS) {
      return Tone.SILENCE;
    }
    double[] power = new double[window / 2];
    for (int from = 0; from + window <= samples.length; from += window / 2) {
      addSpectrum(samples, from, mean, power);
    }
    return strongest(power, window, level);
  }

  private static double mean(short[] samples) {
    double sum = 0;
    for (short sample : samples) {
      sum += sample;
    }
    return sum / samples.length;
  }

  private static double level(short[] samples, double mean) {
    double sum = 0;
    for (short sample : samples) {
      sum += (sample - mean) * (sample - mean);
    }
    double fullScaleSine = 32767.0 * 32767.0 / 2;
    return Math.max(Tone.SILENCE_DBFS, 10 * Math.log10(sum / samples.length / fullScaleSine));
  }

  private static void addSpectrum(short[] samples, int from, double mean, double[] power) {
    int n = power.length * 2;
    double[] re = new double[n];
    double[] im = new double[n];
    for (int i = 0; i < n; i++) {
      re[i] = (samples[from + i] - mean) * (0.5 - 0.5 * Math.cos(2 * Math.PI * i / n));
    }
    transform(re, im);
    for (int bin = 0; bin < power.length; bin++) {
      power[bin] += re[bin] * re[bin] + im[bin] * im[bin];
    }
  }

  private static Tone strongest(double[] power, int window, double level) {
    int peak = 1;
    double total = 0;
    for (int bin = 1; bin < power.length; bin++) {
      total += power[bin];
      if (power[bin] > power[peak]) {
        peak = bin;
      }
    }
    if (total == 0) {
      return Tone.SILENCE;
    }
    double line = 0;
    for (int bin = Math.max(1, peak - LOBE_BINS);
        bin <= Math.min(power.length - 1, peak + LOBE_BINS);
        bin++) {
      line += power[bin];
    }
    double hertzPerBin = (double) SAMPLE_RATE_HZ / window;
    return new Tone((peak + offset(power, peak)) * hertzPerBin, line / total, level);
  }

  /** Where between the bins the line lies: the top of a parabola through three log powers. */
  private static double offset(double[] power, int peak) {
    if (peak + 1 >= power.length || power[peak - 1] <= 0 || power[peak + 1] <= 0) {
      return 0;
    }
    double left = Math.log(power[peak - 1]);
    double middle = Math.log(power[peak]);
    double right = Math.log(power[peak + 1]);
    double curve = left - 2 * middle + right;
    return curve == 0 ? 0 : 0.5 * (left - right) / curve;
  }

  /** Radix-2 fast Fourier transform in place; the length is a power of two. */
  static void transform(double[] re, double[] im) {
    int n = re.length;
    for (int i = 1, j = 0; i < n; i++) {
      int bit = n >> 1;
      for (; (j & bit) != 0; bit >>= 1) {
        j ^= bit;
      }
      j ^= bit;
      if (i < j) {
        swap(re, i, j);
        swap(im, i, j);
      }
    }
    for (int length = 2; length <= n; length <<= 1) {
      butterflies(re, im, length);
    }
  }

  private static void butterflies(double[] re, double[] im, int length) {
    int half = length / 2;
    for (int k = 0; k < half; k++) {
      double angle = -2 * Math.PI * k / length;
      double cos = Math.cos(angle);
      double sin = Math.sin(angle);
      for (int i = k; i < re.length; i += length) {
        int j = i + half;
        double oddRe = re[j] * cos - im[j] * sin;
        double oddIm = re[j] * sin + im[j] * cos;
        re[j] = re[i] - oddRe;
        im[j] = im[i] - oddIm;
        re[i] += oddRe;
        im[i] += oddIm;
      }
    }
  }

  private static void swap(double[] values, int i, int j) {
    double value = values[i];
    values[i] = values[j];
    values[j] = value;
  }
}
