package io.tandem.protocol.media.rtp;

import io.netty.buffer.ByteBuf;
import io.tandem.protocol.media.codec.G711;
import io.tandem.protocol.media.codec.VoiceCodec;
import io.tandem.protocol.media.codec.VoiceDecoder;
import org.jspecify.annotations.Nullable;

/**
 * Whether somebody speaks on a stream, cheaply: of every fifth packet (100 ms) twenty samples
 * spread over it, their mean square against a threshold. That misses a click and hears a word; it
 * tells speech from silence, not speech from music. G.711 is looked up, G.722 decoded; an Opus
 * packet says itself whether its sender's detector heard a voice, and one that does not say so
 * counts as voice: nobody is called silent without proof. Other payloads are not measured.
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

  /** One packet of so many is enough to know whether somebody speaks. */
  public static final int EVERY_PACKETS = 5;

  private static final int SAMPLES = 20;
  private static final int PCMU = 0;
  private static final int PCMA = 8;

  private static final short[] MU = table(G711.ULAW);
  private static final short[] A = table(G711.ALAW);

  private static final int G722 = 9;
  private static final int FIRST_DYNAMIC = 96;
  private static final int OPUS_CLOCK_RATE_HZ = 48_000;
  private static final int MAX_G722_OCTETS = 480;

  /** The decoder begins in the middle of things each time; the first samples are its mending. */
  private static final int MENDING_SAMPLES = 40;

  /** A telephone event has four octets, 20 ms of L16 at this clock has more than Opus can. */
  private static final int MAX_EVENT_OCTETS = 4;

  private static final int MAX_OPUS_OCTETS = 1275;

  private boolean opus;
  private @Nullable WideBand wideBand;
  private long meanSquare;

  private static short[] table(G711 law) {
    short[] samples = new short[256];
    for (int i = 0; i < 256; i++) {
      samples[i] = law.decode((byte) i);
    }
    return samples;
  }

  /**
   * Listens to a valid packet; one in {@link #EVERY_PACKETS} is enough.
   *
   * @return whether it was measured; then {@link #speech} and {@link #level} speak of it
   */
  public boolean hears(ByteBuf packet) {
    int payloadType = RtpPacket.payloadType(packet);
    int octets = RtpPacket.payloadOctets(packet);
    if (payloadType == PCMU || payloadType == PCMA) {
      return hearsG711(packet, payloadType, octets);
    }
    if (payloadType == G722) {
      return hearsG722(packet, octets);
    }
    return opus && payloadType >= FIRST_DYNAMIC && hearsOpus(packet, octets);
  }

  /** The RTP clock of the party: at 48 kHz, dynamic payload types are Opus (RFC 7587). */
  public void clockRate(int hertz) {
    opus = hertz == OPUS_CLOCK_RATE_HZ;
  }

  private boolean hearsOpus(ByteBuf packet, int octets) {
    if (octets == MAX_EVENT_OCTETS || octets > MAX_OPUS_OCTETS) {
      return false;
    }
    OpusActivity said = OpusActivity.of(packet, RtpPacket.payloadIndex(packet), octets);
    meanSquare = said == OpusActivity.SILENCE ? 0 : SPEECH_SQUARE;
    return true;
  }

  private boolean hearsG722(ByteBuf packet, int octets) {
    if (octets < SAMPLES || octets > MAX_G722_OCTETS) {
      return false;
    }
    WideBand decoding = wideBand;
    if (decoding == null) {
      decoding = new WideBand();
      wideBand = decoding;
    }
    meanSquare = decoding.meanSquare(packet, octets);
    return true;
  }

  /** What a leg that speaks G.722 needs more. */
  private static final class WideBand {
    private final VoiceDecoder decoder = VoiceCodec.G722.newDecoder();
    private final byte[] payload = new byte[MAX_G722_OCTETS];
    private final short[] samples = new short[VoiceCodec.G722.maxSamplesPerPacket()];

    long meanSquare(ByteBuf packet, int octets) {
      packet.getBytes(RtpPacket.payloadIndex(packet), payload, 0, octets);
      int count = decoder.decode(payload, 0, octets, samples);
      long sum = 0;
      int from = Math.min(MENDING_SAMPLES, count / 2);
      for (int i = from; i < count; i++) {
        sum += (long) samples[i] * samples[i];
      }
      return sum / Math.max(1, count - from);
    }
  }

  private boolean hearsG711(ByteBuf packet, int payloadType, int octets) {
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
