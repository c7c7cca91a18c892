package io.tandem.protocol.media.rtp;

import io.netty.buffer.ByteBuf;
import io.tandem.protocol.media.codec.G711;

/**
 * Whether somebody speaks on a G.711 stream, cheaply: of every fifth packet (100 ms) twenty samples
 * spread over it, their mean square against a threshold. That misses a click and hears a word; it
 * tells speech from silence, not speech from music. Other payloads are not measured.
 *
 * <p>Pure, without garbage; belongs to the loop that receives.
 */
public final class SpeechEar {
  /**
   * Root mean square, of 32768, above which it is speech: -46 dB below full scale. Comfort noise
   * and a quiet room lie ten decibels lower, a soft talker ten higher.
   */
  private static final int SPEECH_RMS = 160;

  private static final long SPEECH_SQUARE = (long) SPEECH_RMS * SPEECH_RMS;
  private static final int EVERY_PACKETS = 5;
  private static final int SAMPLES = 20;
  private static final int PCMU = 0;
  private static final int PCMA = 8;

  private static final short[] MU = table(G711.ULAW);
  private static final short[] A = table(G711.ALAW);

  private int turn;
  private long meanSquare;

  private static short[] table(G711 law) {
    short[] samples = new short[256];
    for (int i = 0; i < 256; i++) {
      samples[i] = law.decode((byte) i);
    }
    return samples;
  }

  /**
   * Listens to a valid packet, when it is its turn.
   *
   * @return whether it was measured; then {@link #speech} and {@link #level} speak of it
   */
  public boolean hears(ByteBuf packet) {
    int payloadType = RtpPacket.payloadType(packet);
    if (payloadType != PCMU && payloadType != PCMA) {
      return false;
    }
    if (turn++ % EVERY_PACKETS != 0) {
      return false;
    }
    int octets = RtpPacket.payloadOctets(packet);
    if (octets < SAMPLES) {
      return false;
    }
    short[] samples = payloadType == PCMU ? MU : A;
    int at = RtpPacket.payloadIndex(packet);
    // An odd step, so that a tone of a round frequency is not met at its zeros.
    int step = Math.max(1, (octets / SAMPLES - 1) | 1);
    long sum = 0;
    for (int i = 0; i < SAMPLES; i++) {
      int sample = samples[packet.getUnsignedByte(at + ((i * step) % octets))];
      sum += (long) sample * sample;
    }
    meanSquare = sum / SAMPLES;
    return true;
  }

  /** Whether the last measured packet was speech. */
  public boolean speech() {
    return meanSquare >= SPEECH_SQUARE;
  }

  /** Level of the last measured packet: its root mean square, of 32768. */
  public int level() {
    return (int) Math.sqrt(meanSquare);
  }
}
