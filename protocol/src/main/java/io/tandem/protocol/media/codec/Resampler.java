package io.tandem.protocol.media.codec;

import java.util.Arrays;

/**
 * Changes the sample rate of one stream between 8, 16 and 48 kHz: a windowed sinc (Kaiser) in
 * polyphase form, 32 coefficients for each low-rate sample, so a delay of 2 ms at 8 kHz. Flat to
 * 0.86 of the lower rate's band, images and aliases 65 dB down above 1.14 of it. Nothing is
 * allocated after construction; sums run over all outputs of a phase at once, a loop the compiler
 * turns into vector instructions.
 */
public final class Resampler {
  private static final int TAPS_PER_PHASE = 32;
  private static final double KAISER_BETA = 6.8;
  private static final int MAX_MILLIS = 20;

  private final int up;
  private final int down;
  private final float[][] phases;
  private final float[][] past;
  private final float[] sums;

  /**
   * @throws IllegalArgumentException when a rate is not 8000, 16000 or 48000
   */
  public Resampler(int fromHz, int toHz) {
    checkRate(fromHz);
    checkRate(toHz);
    up = toHz > fromHz ? toHz / fromHz : 1;
    down = fromHz > toHz ? fromHz / toHz : 1;
    int factor = Math.max(up, down);
    phases = factor == 1 ? new float[0][] : phases(factor, up > 1 ? factor : 1);
    int maxLow = Math.min(fromHz, toHz) * MAX_MILLIS / 1000;
    past = new float[down][TAPS_PER_PHASE - 1 + maxLow];
    sums = new float[maxLow];
  }

  private static void checkRate(int hertz) {
    if (hertz != 8000 && hertz != 16000 && hertz != 48000) {
      throw new IllegalArgumentException("a sample rate of 8000, 16000 or 48000: " + hertz);
    }
  }

  /** Coefficient t of phase p is tap {@code t * factor + p} of the prototype. */
  private static float[][] phases(int factor, double gain) {
    int taps = TAPS_PER_PHASE * factor;
    double middle = (taps - 1) / 2.0;
    double[] prototype = new double[taps];
    double sum = 0;
    for (int i = 0; i < taps; i++) {
      double x = i - middle;
      double sinc = x == 0 ? 1 : Math.sin(Math.PI * x / factor) / (Math.PI * x / factor);
      double edge = x / (middle + 0.5);
      prototype[i] = sinc * bessel(KAISER_BETA * Math.sqrt(Math.max(0, 1 - edge * edge)));
      sum += prototype[i];
    }
    float[][] phases = new float[factor][TAPS_PER_PHASE];
    for (int i = 0; i < taps; i++) {
      phases[i % factor][i / factor] = (float) (prototype[i] * gain / sum);
    }
    return phases;
  }

  /** Modified Bessel function of the first kind, order 0. */
  private static double bessel(double x) {
    double term = 1;
    double sum = 1;
    for (int k = 1; term > 1e-12 * sum; k++) {
      term *= x * x / (4.0 * k * k);
      sum += term;
    }
    return sum;
  }

  /** Samples that come out of so many. */
  public int outputOf(int count) {
    return count * up / down;
  }

  /**
   * The next samples of the stream at the other rate.
   *
   * @param count at most 20 ms, and a multiple of the ratio when the rate goes down
   * @return samples written to {@code out} from {@code at}
   */
  public int resample(short[] in, int from, int count, short[] out, int at) {
    if (up == down) {
      System.arraycopy(in, from, out, at, count);
    } else if (up > 1) {
      interpolate(in, from, count, out, at);
    } else {
      decimate(in, from, count, out, at);
    }
    return outputOf(count);
  }

  private void interpolate(short[] in, int from, int count, short[] out, int at) {
    float[] line = past[0];
    for (int i = 0; i < count; i++) {
      line[TAPS_PER_PHASE - 1 + i] = in[from + i];
    }
    for (int phase = 0; phase < up; phase++) {
      Arrays.fill(sums, 0, count, 0);
      convolve(phases[phase], line, TAPS_PER_PHASE - 1, count);
      for (int i = 0; i < count; i++) {
        out[at + i * up + phase] = rounded(sums[i]);
      }
    }
    System.arraycopy(line, count, line, 0, TAPS_PER_PHASE - 1);
  }

  private void decimate(short[] in, int from, int count, short[] out, int at) {
    int outputs = count / down;
    Arrays.fill(sums, 0, outputs, 0);
    // Output n needs inputs n*down + (down-1) - p - t*down: phase p reads its own every-down-th
    // line.
    for (int phase = 0; phase < down; phase++) {
      float[] line = past[phase];
      for (int i = 0; i < outputs; i++) {
        line[TAPS_PER_PHASE - 1 + i] = in[from + i * down + (down - 1 - phase)];
      }
      convolve(phases[phase], line, TAPS_PER_PHASE - 1, outputs);
      System.arraycopy(line, outputs, line, 0, TAPS_PER_PHASE - 1);
    }
    for (int i = 0; i < outputs; i++) {
      out[at + i] = rounded(sums[i]);
    }
  }

  /** Adds, for each output n, the sum over t of {@code taps[t] * line[newest + n - t]}. */
  private void convolve(float[] taps, float[] line, int newest, int outputs) {
    float[] into = sums;
    for (int t = 0; t < TAPS_PER_PHASE; t++) {
      float tap = taps[t];
      int offset = newest - t;
      for (int n = 0; n < outputs; n++) {
        into[n] += tap * line[offset + n];
      }
    }
  }

  private static short rounded(float value) {
    return (short) Math.clamp(Math.round(value), Short.MIN_VALUE, Short.MAX_VALUE);
  }
}
