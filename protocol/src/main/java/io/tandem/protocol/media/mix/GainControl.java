package io.tandem.protocol.media.mix;

/**
 * Brings speakers of a room to about the same loudness: while one speaks, its gain moves slowly
 * towards a level of -20 dBFS, between -10 and +10 dB. Pure, without allocation.
 */
final class GainControl {
  private static final double WANTED = 3277 * 0.707;
  private static final double MIN_GAIN = 0.316;
  private static final double MAX_GAIN = 3.16;
  private static final double TOWARDS_A_FRAME = 0.02;

  private double gain = 1;

  /** Applies the gain in place, moved on by this frame when it is speech. */
  void apply(short[] samples, int count, double meanSquare, boolean speech) {
    double former = gain;
    if (speech && meanSquare > 0) {
      double wanted = Math.clamp(WANTED / Math.sqrt(meanSquare), MIN_GAIN, MAX_GAIN);
      gain += (wanted - gain) * TOWARDS_A_FRAME;
    }
    if (former == 1 && gain == 1) {
      return;
    }
    double step = (gain - former) / count;
    for (int i = 0; i < count; i++) {
      double value = samples[i] * (former + step * i);
      samples[i] = (short) Math.clamp(Math.round(value), Short.MIN_VALUE, Short.MAX_VALUE);
    }
  }
}
