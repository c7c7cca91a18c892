package io.tandem.protocol.media.playout;

import io.tandem.protocol.media.codec.G711;
import java.time.Duration;

/** A sine tone in G.711, with no break in its phase from packet to packet. */
public final class ToneSource implements VoiceSource {
  private final G711 codec;
  private final double radiansPerSample;
  private final double peak;
  private double phase;

  /**
   * @param frequencyHz above 0 and below 4000, half of the sample rate
   * @param amplitude share of full scale, above 0 and up to 1
   */
  public ToneSource(G711 codec, double frequencyHz, double amplitude) {
    if (!(frequencyHz > 0 && frequencyHz < G711.SAMPLE_RATE_HZ / 2.0)) {
      throw new IllegalArgumentException("frequencyHz lies between 0 and 4000: " + frequencyHz);
    }
    if (!(amplitude > 0 && amplitude <= 1)) {
      throw new IllegalArgumentException("amplitude lies between 0 and 1: " + amplitude);
    }
    this.codec = codec;
    this.radiansPerSample = 2 * Math.PI * frequencyHz / G711.SAMPLE_RATE_HZ;
    this.peak = amplitude * Short.MAX_VALUE;
  }

  @Override
  public void fill(byte[] payload) {
    for (int i = 0; i < payload.length; i++) {
      payload[i] = codec.encode((short) Math.round(peak * Math.sin(phase)));
      phase = (phase + radiansPerSample) % (2 * Math.PI);
    }
  }

  /** The next so much of the tone in one piece, for a file. */
  public byte[] octets(Duration length) {
    byte[] octets = new byte[Math.toIntExact(length.toMillis() * G711.SAMPLE_RATE_HZ / 1000)];
    fill(octets);
    return octets;
  }
}
