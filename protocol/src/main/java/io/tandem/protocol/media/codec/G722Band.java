package io.tandem.protocol.media.codec;

/**
 * One sub-band of G.722: the scale factor and the predictor of two poles and six zeros, which
 * encoder and decoder adapt alike (ITU-T G.722 §3.3–3.6; the blocks carry the recommendation's
 * names, the arithmetic is its 16-bit one with products shifted by 15).
 */
final class G722Band {
  // The arrays of the recommendation's tables 11, 13, 15, 16 and 17 in §6.2.
  private static final int[] ILB = {
    2048, 2093, 2139, 2186, 2233, 2282, 2332, 2383, 2435, 2489, 2543, 2599, 2656, 2714, 2774, 2834,
    2896, 2960, 3025, 3091, 3158, 3228, 3298, 3371, 3444, 3520, 3597, 3676, 3756, 3838, 3922, 4008
  };
  private static final int[] WL = {-60, -30, 58, 172, 334, 538, 1198, 3042};
  private static final int[] RL42 = {0, 7, 6, 5, 4, 3, 2, 1, 7, 6, 5, 4, 3, 2, 1, 0};
  private static final int[] WH = {0, -214, 798};
  private static final int[] RH2 = {2, 1, 2, 1};
  private static final int[] QM4 = {
    0, -20456, -12896, -8968, -6288, -4240, -2584, -1200, 20456, 12896, 8968, 6288, 4240, 2584,
    1200, 0
  };
  private static final int[] QM2 = {-7408, -1616, 7408, 1616};

  private static final int MAX_LOG_SCALE_LOW = 18432;
  private static final int MAX_LOG_SCALE_HIGH = 22528;

  private final boolean low;

  /** DETL or DETH: the quantizer's step. */
  int step;

  /** SL or SH: the prediction of the next sample. */
  int predicted;

  private int logScale;
  private int zeroPart;
  private int r1;
  private int r2;
  private int a1;
  private int a2;
  private int p1;
  private int p2;
  private final int[] d = new int[7];
  private final int[] b = new int[7];

  private G722Band(boolean low, int firstStep) {
    this.low = low;
    this.step = firstStep;
  }

  static G722Band lower() {
    return new G722Band(true, 32);
  }

  static G722Band higher() {
    return new G722Band(false, 8);
  }

  /**
   * The code of a sub-band sample went over the wire: both ends adapt by it.
   *
   * @param code the four bits that always arrive of the lower band, the two of the higher one
   * @return DLT or DH: the quantized difference signal
   */
  int adapt(int code) {
    int difference;
    if (low) {
      difference = (step * QM4[code]) >> 15; // INVQAL
      logScale = Math.clamp(((logScale * 127) >> 7) + WL[RL42[code]], 0, MAX_LOG_SCALE_LOW);
      step = scale(8); // LOGSCL, SCALEL
    } else {
      difference = (step * QM2[code]) >> 15; // INVQAH
      logScale = Math.clamp(((logScale * 127) >> 7) + WH[RH2[code]], 0, MAX_LOG_SCALE_HIGH);
      step = scale(10); // LOGSCH, SCALEH
    }
    predict(difference);
    return difference;
  }

  private int scale(int exponent) {
    int mantissa = ILB[(logScale >> 6) & 31];
    int shift = exponent - (logScale >> 11);
    return (shift < 0 ? mantissa << -shift : mantissa >> shift) << 2;
  }

  private void predict(int difference) {
    int reconstructed = saturate(predicted + difference); // RECONS
    int partial = saturate(zeroPart + difference); // PARREC
    adaptPoles(partial);
    adaptZeros(difference);
    // DELAYA
    for (int i = 6; i > 1; i--) {
      d[i] = d[i - 1];
    }
    d[1] = difference;
    p2 = p1;
    p1 = partial;
    r2 = r1;
    r1 = reconstructed;
    // FILTEP, FILTEZ, PREDIC
    int poles = saturate(((a1 * saturate(r1 + r1)) >> 15) + ((a2 * saturate(r2 + r2)) >> 15));
    int zeros = 0;
    for (int i = 6; i > 0; i--) {
      zeros += (b[i] * saturate(d[i] + d[i])) >> 15;
    }
    zeroPart = saturate(zeros);
    predicted = saturate(poles + zeroPart);
  }

  private void adaptPoles(int partial) {
    // UPPOL2
    boolean sameAsLast = partial >> 15 == p1 >> 15;
    boolean sameAsOneBefore = partial >> 15 == p2 >> 15;
    int four = saturate(a1 << 2);
    int towards = sameAsLast ? Math.min(-four, Short.MAX_VALUE) : four;
    int next2 = (towards >> 7) + (sameAsOneBefore ? 128 : -128) + ((a2 * 32512) >> 15);
    next2 = Math.clamp(next2, -12288, 12288);
    // UPPOL1
    int next1 = saturate((sameAsLast ? 192 : -192) + ((a1 * 32640) >> 15));
    int bound = saturate(15360 - next2);
    a1 = Math.clamp(next1, -bound, bound);
    a2 = next2;
  }

  private void adaptZeros(int difference) {
    // UPZERO
    int gain = difference == 0 ? 0 : 128;
    int sign = difference >> 15;
    for (int i = 1; i < 7; i++) {
      int towards = d[i] >> 15 == sign ? gain : -gain;
      b[i] = saturate(towards + ((b[i] * 32640) >> 15));
    }
  }

  static int saturate(int value) {
    return Math.clamp(value, Short.MIN_VALUE, Short.MAX_VALUE);
  }
}
