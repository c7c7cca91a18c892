package io.tandem.protocol.media.dtmf;

/**
 * Keys as sound (ITU-T Q.23, levels after ETSI ES 201 235-2: -7 dBm0 high, -9 dBm0 low group), for
 * parties that understand no telephone events. Pure, without allocation.
 */
public final class KeyTones {
  /** -9 and -7 dBm0 where +3.14 dBm0 is the peak of the scale. */
  private static final double LOW_PEAK = 32767 * Math.pow(10, (-9 - 3.14) / 20);

  private static final double HIGH_PEAK = 32767 * Math.pow(10, (-7 - 3.14) / 20);

  private final int rateHz;
  private final int toneSamples;
  private final int pauseSamples;
  private String keys = "";
  private int at;
  private int sample;

  /**
   * @param rateHz samples a second
   * @param toneMillis how long a key is pressed; receivers want 40 and more
   */
  public KeyTones(int rateHz, int toneMillis, int pauseMillis) {
    this.rateHz = rateHz;
    this.toneSamples = toneMillis * rateHz / 1000;
    this.pauseSamples = pauseMillis * rateHz / 1000;
  }

  /**
   * Keys to play from now on, in place of those that were not played yet.
   *
   * @return how many of them are keys
   */
  public int press(CharSequence text) {
    keys =
        text.chars()
            .filter(c -> Keypad.event((char) c) >= 0)
            .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
            .toString();
    at = 0;
    sample = 0;
    return keys.length();
  }

  /** Whether there is something left to play. */
  public boolean isBusy() {
    return at < keys.length();
  }

  /** The next samples; silence between and after the keys. */
  public void fill(short[] samples, int from, int count) {
    for (int i = 0; i < count; i++) {
      samples[from + i] = at < keys.length() && sample < toneSamples ? tone(keys.charAt(at)) : 0;
      if (at < keys.length() && ++sample >= toneSamples + pauseSamples) {
        sample = 0;
        at++;
      }
    }
  }

  private short tone(char key) {
    double seconds = (double) sample / rateHz;
    double low = LOW_PEAK * Math.sin(2 * Math.PI * Keypad.rowHz(key) * seconds);
    double high = HIGH_PEAK * Math.sin(2 * Math.PI * Keypad.columnHz(key) * seconds);
    return (short) Math.round(low + high);
  }
}
