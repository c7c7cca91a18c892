package io.tandem.protocol.media.codec;

/**
 * Comfort noise (RFC 3389): the level of the background and, as reflection coefficients, its
 * colour, in a payload of one octet or a few more. One object a stream: {@link #read} takes what
 * the other side says, {@link #fill} makes noise of it; {@link #describe} is the other way round.
 */
public final class ComfortNoise {
  /** Static payload type at 8 kHz (RFC 3389 §4). */
  public static final int PAYLOAD_TYPE = 13;

  /** Reflection coefficients we write and the most we read; more are ignored, as §3.3 allows. */
  public static final int MAX_ORDER = 10;

  /** 0 dBov is the level of a square wave of full scale (§3.1). */
  private static final double OVERLOAD = 32768;

  private static final int QUIETEST_DBOV = 127;

  /** §3.2: octets 0 to 254 are coefficients from -0.99994 to 0.99994. */
  private static final double COEFFICIENT_STEP = 258.0 / 32768;

  private static final double SAMPLE_DEVIATION_OF_UNIFORM = 1 / Math.sqrt(3);

  private final double[] reflection = new double[MAX_ORDER];
  private final double[] backward = new double[MAX_ORDER + 1];
  private int order;
  private double excitation;
  private long seed;

  private final double[] correlation = new double[MAX_ORDER + 1];
  private final double[] predictor = new double[MAX_ORDER + 1];
  private final double[] nextPredictor = new double[MAX_ORDER + 1];

  /**
   * @param seed of the noise; two streams need two
   */
  public ComfortNoise(long seed) {
    this.seed = seed == 0 ? 1 : seed;
  }

  /**
   * What the noise is like from now on.
   *
   * @return false when the payload is empty, and nothing changes
   */
  public boolean read(byte[] payload, int from, int octets) {
    if (octets < 1) {
      return false;
    }
    int level = payload[from] & 0x7f;
    order = Math.min(MAX_ORDER, octets - 1);
    double gain = 1;
    for (int i = 0; i < order; i++) {
      reflection[i] = Math.min(127, (payload[from + 1 + i] & 0xff) - 127) * COEFFICIENT_STEP;
      gain *= 1 - reflection[i] * reflection[i];
    }
    // An all-pole filter raises the power by 1 / gain; the level is that of what comes out.
    double deviation = OVERLOAD * Math.pow(10, -level / 20.0);
    excitation = deviation * Math.sqrt(gain) / SAMPLE_DEVIATION_OF_UNIFORM;
    return true;
  }

  /** The next samples of the noise; silence before the first {@link #read}. */
  public void fill(short[] samples, int from, int count) {
    for (int i = 0; i < count; i++) {
      double forward = excitation * random();
      for (int k = order - 1; k >= 0; k--) {
        forward -= reflection[k] * backward[k];
        backward[k + 1] = backward[k] + reflection[k] * forward;
      }
      backward[0] = forward;
      samples[from + i] = (short) Math.clamp(Math.round(forward), Short.MIN_VALUE, Short.MAX_VALUE);
    }
  }

  /** Uniform in -1 to 1: xorshift64. */
  private double random() {
    seed ^= seed << 13;
    seed ^= seed >>> 7;
    seed ^= seed << 17;
    return (double) seed / Long.MAX_VALUE;
  }

  /**
   * Describes the background in these samples.
   *
   * @param payload room for {@code 1 + MAX_ORDER} octets from {@code at}
   * @return octets written
   */
  public int describe(short[] samples, int from, int count, byte[] payload, int at) {
    for (int lag = 0; lag <= MAX_ORDER; lag++) {
      double sum = 0;
      for (int i = lag; i < count; i++) {
        sum += (double) samples[from + i] * samples[from + i - lag];
      }
      correlation[lag] = sum;
    }
    double power = correlation[0] / count;
    double dbov = power < 1 ? -QUIETEST_DBOV : 10 * Math.log10(power / OVERLOAD / OVERLOAD);
    payload[at] = (byte) Math.clamp(Math.round(-dbov), 0, QUIETEST_DBOV);
    if (power < 1) {
      return 1;
    }
    durbin(payload, at + 1);
    return 1 + MAX_ORDER;
  }

  /** Levinson-Durbin on the correlation; writes each reflection coefficient as it is found. */
  private void durbin(byte[] payload, int at) {
    double error = correlation[0] * 1.0001; // white-noise correction keeps a pure tone finite
    predictor[0] = 1;
    for (int m = 1; m <= MAX_ORDER; m++) {
      double sum = correlation[m];
      for (int i = 1; i < m; i++) {
        sum += predictor[i] * correlation[m - i];
      }
      double k = -sum / error;
      for (int i = 1; i < m; i++) {
        nextPredictor[i] = predictor[i] + k * predictor[m - i];
      }
      System.arraycopy(nextPredictor, 1, predictor, 1, m - 1);
      predictor[m] = k;
      error *= 1 - k * k;
      payload[at + m - 1] = (byte) (127 + Math.clamp(Math.round(k / COEFFICIENT_STEP), -127, 127));
    }
  }
}
