package io.tandem.protocol.media.mix;

import io.tandem.protocol.media.codec.G711;

/**
 * Tells speech from background by energy, and since when there is none (COOL-2, dead air). The
 * background is followed down at once and up slowly, so a steady noise is none after a while;
 * speech must stand 9 dB above it and above -50 dBFS. Pure, without allocation.
 */
public final class SpeechSense {
  private static final double OVER_BACKGROUND = 8;
  private static final double LEAST_SPEECH = 73 * 73;
  private static final double RISE_A_FRAME = 1.012; // 3 dB in 1.2 s of frames of 20 ms
  private static final int HANG_FRAMES = 10;

  private double background = LEAST_SPEECH / OVER_BACKGROUND;
  private int hang;
  private long lastSpeechNanos;

  /**
   * @param nowNanos monotonic; the clock of dead air starts here
   */
  public SpeechSense(long nowNanos) {
    lastSpeechNanos = nowNanos;
  }

  /**
   * 20 ms were heard.
   *
   * @param meanSquare of their samples, see {@link #meanSquare}
   * @return whether this is speech; stays so for 200 ms after it
   */
  public boolean frame(double meanSquare, long nowNanos) {
    boolean loud = meanSquare > LEAST_SPEECH && meanSquare > OVER_BACKGROUND * background;
    background = Math.max(1, Math.min(meanSquare, background * RISE_A_FRAME));
    if (loud) {
      hang = HANG_FRAMES;
      lastSpeechNanos = nowNanos;
    } else if (hang > 0) {
      hang--;
    }
    return hang > 0;
  }

  /** Monotonic time of the last speech, or of the beginning. */
  public long lastSpeechNanos() {
    return lastSpeechNanos;
  }

  /** Mean of the squares of samples. */
  public static double meanSquare(short[] samples, int from, int count) {
    long sum = 0;
    for (int i = from; i < from + count; i++) {
      sum += samples[i] * samples[i];
    }
    return count == 0 ? 0 : (double) sum / count;
  }

  /** The same of G.711 octets, for who relays and does not decode. */
  public static double meanSquare(G711 law, byte[] payload, int from, int count) {
    long sum = 0;
    for (int i = from; i < from + count; i++) {
      int sample = law.decode(payload[i]);
      sum += sample * sample;
    }
    return count == 0 ? 0 : (double) sum / count;
  }
}
