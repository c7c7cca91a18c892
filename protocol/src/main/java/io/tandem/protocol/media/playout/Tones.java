package io.tandem.protocol.media.playout;

import io.tandem.protocol.media.mix.Sound;

/**
 * The tones of a telephone network, by the plans of a few countries (ITU-T E.180 supplement 2), and
 * those of a conference. All at -13 dBm0 or so; a cadence repeats until it is stopped.
 */
public final class Tones {
  /** A tone plan. */
  public enum Country {
    /** North America: two frequencies at once. */
    US(440, 480, 480, 620, 2000, 4000),
    /** Germany, and by and large the continent. */
    DE(425, 0, 425, 0, 1000, 4000),
    /** United Kingdom; its ring is a double one, here simplified to one. */
    GB(400, 450, 400, 0, 1000, 2000);

    private final int ringLow;
    private final int ringHigh;
    private final int busyLow;
    private final int busyHigh;
    private final int ringMillis;
    private final int ringPauseMillis;

    Country(
        int ringLow, int ringHigh, int busyLow, int busyHigh, int ringMillis, int ringPauseMillis) {
      this.ringLow = ringLow;
      this.ringHigh = ringHigh;
      this.busyLow = busyLow;
      this.busyHigh = busyHigh;
      this.ringMillis = ringMillis;
      this.ringPauseMillis = ringPauseMillis;
    }
  }

  private static final double PEAK = 5000;

  /** How often one tone with its pause is played; cadences of the network have no end. */
  private static final int FOR_EVER = Integer.MAX_VALUE;

  private Tones() {}

  /** It rings at the other end. */
  public static Sound ringback(Country plan) {
    return cadence(plan.ringLow, plan.ringHigh, plan.ringMillis, plan.ringPauseMillis, FOR_EVER);
  }

  /** The other end is busy. */
  public static Sound busy(Country plan) {
    return cadence(plan.busyLow, plan.busyHigh, 500, 500, FOR_EVER);
  }

  /** No way through: the fast busy tone. */
  public static Sound reorder(Country plan) {
    return cadence(plan.busyLow, plan.busyHigh, 250, 250, FOR_EVER);
  }

  /** A call is recorded or listened to: half a second of 1400 Hz, once. */
  public static Sound warning() {
    return cadence(1400, 0, 500, 0, 1);
  }

  /** Somebody has entered a conference. */
  public static Sound entry() {
    return cadence(660, 880, 200, 50, 1);
  }

  /** Somebody has left it. */
  public static Sound exit() {
    return cadence(440, 330, 200, 50, 1);
  }

  /**
   * One or two frequencies, on and off.
   *
   * @param otherHz 0 for one frequency only
   * @param times so often; then the sound has ended
   */
  public static Sound cadence(int hertz, int otherHz, int onMillis, int offMillis, int times) {
    return rateHz -> {
      long on = (long) onMillis * rateHz / 1000;
      long period = on + (long) offMillis * rateHz / 1000;
      long end = times == FOR_EVER ? Long.MAX_VALUE : period * times;
      long[] at = new long[1];
      return (samples, from, count) -> {
        int done = (int) Math.min(count, end - at[0]);
        for (int i = 0; i < done; i++) {
          long inPeriod = at[0]++ % period;
          samples[from + i] = inPeriod < on ? sample(hertz, otherHz, inPeriod, rateHz) : 0;
        }
        return done;
      };
    };
  }

  private static short sample(int hertz, int otherHz, long at, int rateHz) {
    double w = 2 * Math.PI * at / rateHz;
    double sum = Math.sin(hertz * w) + (otherHz == 0 ? 0 : Math.sin(otherHz * w));
    return (short) Math.round(PEAK * sum / (otherHz == 0 ? 1 : 1.5));
  }
}
