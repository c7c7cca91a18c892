package io.tandem.protocol.media.mix;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The mix of a room at one sample rate. */
final class Layer {
  private static final float RECOVERY_A_FRAME = 1.02f;

  final int rateHz;
  final int samples;
  final int[] sum;

  /** What everybody hears who does not speak. */
  final short[] shared;

  private final short[] announced;
  private Sound.@Nullable Playing announcement;
  private float gain = 1;

  Layer(int rateHz) {
    this.rateHz = rateHz;
    this.samples = rateHz / 50;
    this.sum = new int[samples];
    this.shared = new short[samples];
    this.announced = new short[samples];
  }

  void announce(Sound sound) {
    announcement = sound.at(rateHz);
  }

  void clear() {
    Arrays.fill(sum, 0);
    Sound.Playing playing = announcement;
    if (playing != null) {
      int count = playing.fill(announced, 0, samples);
      for (int i = 0; i < count; i++) {
        sum[i] += announced[i];
      }
      if (count < samples) {
        announcement = null;
      }
    }
  }

  void add(short[] frame) {
    for (int i = 0; i < samples; i++) {
      sum[i] += frame[i];
    }
  }

  /** The sum within 16 bits: the room gets quieter at once when it must, and recovers slowly. */
  void finish() {
    int peak = 0;
    for (int value : sum) {
      peak = Math.max(peak, Math.abs(value));
    }
    gain = Math.min(1, gain * RECOVERY_A_FRAME);
    if (peak * gain > Short.MAX_VALUE) {
      gain = (float) Short.MAX_VALUE / peak;
    }
    for (int i = 0; i < samples; i++) {
      shared[i] = (short) (gain == 1 ? sum[i] : sum[i] * gain);
    }
  }

  /** The sum without one voice. */
  void without(short[] own, short[] into) {
    for (int i = 0; i < samples; i++) {
      int rest = (int) ((sum[i] - own[i]) * gain);
      into[i] = (short) Math.clamp(rest, Short.MIN_VALUE, Short.MAX_VALUE);
    }
  }
}
