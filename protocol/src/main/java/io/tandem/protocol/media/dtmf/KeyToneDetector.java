package io.tandem.protocol.media.dtmf;

/**
 * Hears keys in the sound itself: eight Goertzel filters over blocks of 12.75 ms, after the
 * requirements of ITU-T Q.24. A key is told when two blocks in a row agree, so from about 26 ms on;
 * it can be told again after a block without it. Pure, without allocation.
 *
 * <p>A block holds a key when one row and one column stand out of their group, neither is much
 * weaker than the other (twist), and together they are nearly all of the energy: speech seldom is.
 */
public final class KeyToneDetector {
  /** What {@link #hear} answers when no new key begins. */
  public static final char NONE = 0;

  private static final int BLOCK_SAMPLES_AT_8_KHZ = 102;

  /** Of both tones together, -33 dBm0 or so (Q.24 wants at least -25 accepted). */
  private static final double MIN_MEAN_SQUARE = 90 * 90;

  /**
   * Twist that is accepted with the leak between filters added: the high group 4 dB above the low,
   * the low 8 dB above the high, as lines do.
   */
  private static final double MAX_LOW_OVER_HIGH = 7.9;

  private static final double MAX_HIGH_OVER_LOW = 3.6;

  /** A tone is so much stronger than every other of its group: 8 dB. */
  private static final double MIN_OVER_NEIGHBOURS = 6.31;

  /** Share of the block's energy in the two tones, were both as far off as they may be. */
  private static final double MIN_SHARE = 0.90;

  /**
   * A tone may be so far off its frequency (Q.24). At 3.5 % a key is not heard, but one tone alone
   * may be up to 5 % off.
   */
  private static final double MAX_OFF = 0.015;

  private final int blockSamples;
  private final double[] coefficients = new double[8];

  /** Share of its power that a filter still passes of a tone that is {@link #MAX_OFF} off. */
  private final double[] passes = new double[8];

  private final double[] s1 = new double[8];
  private final double[] s2 = new double[8];
  private double energy;
  private int inBlock;
  private char lastBlock = NONE;
  private char pressed = NONE;

  /**
   * @param rateHz samples a second, 8000 or a multiple
   */
  public KeyToneDetector(int rateHz) {
    blockSamples = BLOCK_SAMPLES_AT_8_KHZ * (rateHz / 8000);
    for (int i = 0; i < 8; i++) {
      int hertz = i < 4 ? Keypad.ROW_HZ[i] : Keypad.COLUMN_HZ[i - 4];
      coefficients[i] = 2 * Math.cos(2 * Math.PI * hertz / rateHz);
      double off = Math.PI * MAX_OFF * hertz * blockSamples / rateHz;
      passes[i] = Math.pow(Math.sin(off) / off, 2);
    }
  }

  /**
   * The next samples of the stream, at most 20 ms.
   *
   * @return a key that began, or {@link #NONE}
   */
  public char hear(short[] samples, int from, int count) {
    char began = NONE;
    for (int at = from; at < from + count; ) {
      int take = Math.min(from + count - at, blockSamples - inBlock);
      filter(samples, at, take);
      at += take;
      inBlock += take;
      if (inBlock == blockSamples) {
        char key = debounced(judge());
        began = key == NONE ? began : key;
        inBlock = 0;
        energy = 0;
      }
    }
    return began;
  }

  private void filter(short[] samples, int from, int count) {
    for (int tone = 0; tone < 8; tone++) {
      double c = coefficients[tone];
      double a = inBlock == 0 ? 0 : s1[tone];
      double b = inBlock == 0 ? 0 : s2[tone];
      for (int i = from; i < from + count; i++) {
        double next = samples[i] + c * a - b;
        b = a;
        a = next;
      }
      s1[tone] = a;
      s2[tone] = b;
    }
    for (int i = from; i < from + count; i++) {
      energy += samples[i] * samples[i];
    }
  }

  private char debounced(char block) {
    char began = NONE;
    if (block != NONE && block == lastBlock && block != pressed) {
      began = block;
      pressed = block;
    } else if (block != pressed && block == lastBlock) {
      pressed = NONE; // two blocks in a row without it
    }
    lastBlock = block;
    return began;
  }

  private char judge() {
    if (energy < MIN_MEAN_SQUARE * blockSamples) {
      return NONE;
    }
    int row = strongest(0);
    int column = strongest(4);
    double low = power(row);
    double high = power(column);
    boolean twisted = low > MAX_LOW_OVER_HIGH * high || high > MAX_HIGH_OVER_LOW * low;
    if (twisted || !standsOut(0, row) || !standsOut(4, column)) {
      return NONE;
    }
    // A sine that fills the block has power (amplitude * n / 2)²; its energy is amplitude² * n / 2.
    double share = (low / passes[row] + high / passes[column]) * 2 / blockSamples / energy;
    return share < MIN_SHARE ? NONE : Keypad.at(row, column - 4);
  }

  private int strongest(int group) {
    int best = group;
    for (int i = group + 1; i < group + 4; i++) {
      best = power(i) > power(best) ? i : best;
    }
    return best;
  }

  private boolean standsOut(int group, int best) {
    for (int i = group; i < group + 4; i++) {
      if (i != best && power(i) * MIN_OVER_NEIGHBOURS > power(best)) {
        return false;
      }
    }
    return true;
  }

  private double power(int tone) {
    double a = s1[tone];
    double b = s2[tone];
    return a * a + b * b - coefficients[tone] * a * b;
  }
}
