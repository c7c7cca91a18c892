package io.tandem.protocol.media.rtp;

/**
 * How a call sounds to who listens, estimated from what the network did: the E-model of ITU-T G.107
 * with its default values, reduced as by Cole and Rosenbluth (“Voice over IP performance
 * monitoring”, 2001) to delay and loss. Values of G.711 with packet-loss concealment: Ie 0, Bpl
 * 25.1 (ITU-T G.113 appendix I).
 */
public final class VoiceQuality {
  /** R of a perfect line with all defaults of G.107 (2015). */
  private static final double R_DEFAULT = 93.2;

  /** Beyond this one-way delay talkers get in each other's way. */
  private static final double NOTICED_DELAY_MILLIS = 177.3;

  private static final double LOSS_ROBUSTNESS = 25.1;

  /** A packet of 20 ms is known when it is whole. */
  private static final double PACKET_MILLIS = 20;

  private VoiceQuality() {}

  /**
   * R, 0 to 93.2.
   *
   * @param lossPercent of packets, random
   * @param delayMillis mouth to ear, one way
   */
  public static double r(double lossPercent, double delayMillis) {
    double late = Math.max(0, delayMillis - NOTICED_DELAY_MILLIS);
    double delayImpairment = 0.024 * delayMillis + 0.11 * late;
    double lossImpairment = 95 * lossPercent / (lossPercent + LOSS_ROBUSTNESS);
    return Math.max(0, R_DEFAULT - delayImpairment - lossImpairment);
  }

  /** Mean opinion score of an R, 1.0 to 4.5 (G.107 annex B). */
  public static double mos(double r) {
    if (r <= 0) {
      return 1;
    }
    if (r >= 100) {
      return 4.5;
    }
    return Math.max(1, 1 + 0.035 * r + r * (r - 60) * (100 - r) * 7e-6);
  }

  /**
   * MOS in hundredths of what passed the network with these figures, the jitter buffer taken as
   * twice the jitter.
   *
   * @param received packets
   * @param lost packets
   * @param roundTripMicros 0 when nobody knows
   */
  public static int mosHundredths(
      long received, long lost, long jitterMicros, long roundTripMicros) {
    // Duplicates can make a report's loss negative (RFC 3550 A.3).
    long missing = Math.max(0, lost);
    double lossPercent = missing == 0 ? 0 : 100.0 * missing / (Math.max(0, received) + missing);
    double delayMillis = roundTripMicros / 2000.0 + 2 * jitterMicros / 1000.0 + PACKET_MILLIS;
    return (int) Math.round(100 * mos(r(lossPercent, delayMillis)));
  }
}
