package io.tandem.protocol.media.codec;

/** ITU-T G.722 encoder at 64 kbit/s: two samples of 16 kHz become one octet. */
final class G722Encoder implements VoiceEncoder {
  // Decision levels and output codes of the lower band's 6-bit quantizer, §6.2.1.1 (QUANTL).
  private static final int[] Q6 = {
    0, 35, 72, 110, 150, 190, 233, 276, 323, 370, 422, 473, 530, 587, 650, 714, 786, 858, 940, 1023,
    1121, 1219, 1339, 1458, 1612, 1765, 1980, 2195, 2557, 2919
  };
  private static final int[] ILN = {
    0, 63, 62, 31, 30, 29, 28, 27, 26, 25, 24, 23, 22, 21, 20, 19, 18, 17, 16, 15, 14, 13, 12, 11,
    10, 9, 8, 7, 6, 5, 4
  };
  private static final int[] ILP = {
    0, 61, 60, 59, 58, 57, 56, 55, 54, 53, 52, 51, 50, 49, 48, 47, 46, 45, 44, 43, 42, 41, 40, 39,
    38, 37, 36, 35, 34, 33, 32
  };
  private static final int HIGH_DECISION_LEVEL = 564;

  /** Half of the 24 coefficients of the quadrature mirror filter; the rest is its mirror. */
  static final int[] QMF = {3, -11, 12, 32, -210, 951, 3876, -805, 362, -156, 53, -11};

  private final G722Band low = G722Band.lower();
  private final G722Band high = G722Band.higher();
  private final int[] delay = new int[24];

  @Override
  public int encode(short[] samples, int from, int count, byte[] octets, int at) {
    for (int i = 0; i + 1 < count; i += 2) {
      octets[at + i / 2] = pair(samples[from + i], samples[from + i + 1]);
    }
    return count / 2;
  }

  private byte pair(int first, int second) {
    System.arraycopy(delay, 2, delay, 0, 22);
    delay[22] = first;
    delay[23] = second;
    int odd = 0;
    int even = 0;
    for (int i = 0; i < 12; i++) {
      odd += delay[2 * i] * QMF[i];
      even += delay[2 * i + 1] * QMF[11 - i];
    }
    int codeLow = quantizeLow((even + odd) >> 14);
    int codeHigh = quantizeHigh((even - odd) >> 14);
    low.adapt(codeLow >> 2);
    high.adapt(codeHigh);
    return (byte) ((codeHigh << 6) | codeLow);
  }

  private int quantizeLow(int sample) {
    int error = G722Band.saturate(sample - low.predicted); // SUBTRA
    int magnitude = error >= 0 ? error : -(error + 1);
    int level = 1;
    while (level < 30 && magnitude >= (Q6[level] * low.step) >> 12) {
      level++;
    }
    return error < 0 ? ILN[level] : ILP[level];
  }

  private int quantizeHigh(int sample) {
    int error = G722Band.saturate(sample - high.predicted); // SUBTRA
    int magnitude = error >= 0 ? error : -(error + 1);
    boolean outer = magnitude >= (HIGH_DECISION_LEVEL * high.step) >> 12;
    if (error < 0) {
      return outer ? 0 : 1;
    }
    return outer ? 2 : 3;
  }
}
