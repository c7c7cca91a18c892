package io.tandem.protocol.media.codec;

import java.util.Locale;
import java.util.Optional;

/**
 * The formats of voice this house can decode and encode: what SDP says of each and what a packet of
 * 20 ms holds. Everything is one channel; Opus is told to be so where it could be two.
 */
public enum VoiceCodec {
  /** G.711 µ-law. */
  PCMU("PCMU", 0, 8000, 8000, 160),
  /** G.711 A-law. */
  PCMA("PCMA", 8, 8000, 8000, 160),
  /**
   * G.722 at 64 kbit/s. Its RTP clock is 8000 although it samples 16000 a second (RFC 3551 §4.5.2).
   */
  G722("G722", 9, 8000, 16000, 160),
  /** Opus (RFC 6716, RFC 7587), its clock always 48000. */
  OPUS("opus", -1, 48000, 48000, 1275),
  /** Linear 16-bit samples in network order, narrow band (RFC 3551 §4.5.11). */
  L16_8K("L16", -1, 8000, 8000, 320),
  /** The same, wide band. */
  L16_16K("L16", -1, 16000, 16000, 640),
  /** The same, full band; a packet is larger than most paths carry, 10 ms would fit. */
  L16_48K("L16", -1, 48000, 48000, 1920);

  /** The payload type of a codec that has none of its own, until SDP gives it one (RFC 3551 §3). */
  public static final int DYNAMIC = -1;

  /** The longest packet we decode, in milliseconds: what Opus allows (RFC 6716 §3.2). */
  public static final int MAX_PACKET_MILLIS = 120;

  private static final int FRAMES_A_SECOND = 50;

  private final String encodingName;
  private final int payloadType;
  private final int clockRateHz;
  private final int sampleRateHz;
  private final int maxOctetsPer20Ms;

  VoiceCodec(
      String encodingName,
      int payloadType,
      int clockRateHz,
      int sampleRateHz,
      int maxOctetsPer20Ms) {
    this.encodingName = encodingName;
    this.payloadType = payloadType;
    this.clockRateHz = clockRateHz;
    this.sampleRateHz = sampleRateHz;
    this.maxOctetsPer20Ms = maxOctetsPer20Ms;
  }

  /** Encoding name in {@code a=rtpmap}. */
  public String encodingName() {
    return encodingName;
  }

  /** What follows the payload type in {@code a=rtpmap}, for example {@code opus/48000/2}. */
  public String rtpmap() {
    return encodingName + "/" + clockRateHz + (this == OPUS ? "/2" : "");
  }

  /** The static payload type (RFC 3551 §6), or {@link #DYNAMIC}. */
  public int payloadType() {
    return payloadType;
  }

  /** RTP ticks a second. */
  public int clockRateHz() {
    return clockRateHz;
  }

  /** Samples a second. */
  public int sampleRateHz() {
    return sampleRateHz;
  }

  /** Samples in 20 ms. */
  public int samplesPer20Ms() {
    return sampleRateHz / FRAMES_A_SECOND;
  }

  /** RTP ticks in 20 ms. */
  public int ticksPer20Ms() {
    return clockRateHz / FRAMES_A_SECOND;
  }

  /** Octets of payload a packet of 20 ms may have; the array to encode into must hold these. */
  public int maxOctetsPer20Ms() {
    return maxOctetsPer20Ms;
  }

  /** Samples of the longest packet that is decoded; the array to decode into must hold these. */
  public int maxSamplesPerPacket() {
    return sampleRateHz * MAX_PACKET_MILLIS / 1000;
  }

  /** A new encoder; belongs to one stream. */
  public VoiceEncoder newEncoder() {
    return switch (this) {
      case PCMU -> new G711Coder(G711.ULAW);
      case PCMA -> new G711Coder(G711.ALAW);
      case G722 -> new G722Encoder();
      case OPUS -> Opus.best().newEncoder();
      case L16_8K, L16_16K, L16_48K -> new L16Coder(sampleRateHz);
    };
  }

  /** A new decoder with concealment; belongs to one stream. */
  public VoiceDecoder newDecoder() {
    return switch (this) {
      case PCMU -> new G711Coder(G711.ULAW);
      case PCMA -> new G711Coder(G711.ALAW);
      case G722 -> new G722Decoder();
      case OPUS -> Opus.best().newDecoder();
      case L16_8K, L16_16K, L16_48K -> new L16Coder(sampleRateHz);
    };
  }

  /** The codec of a static payload type. */
  public static Optional<VoiceCodec> ofPayloadType(int payloadType) {
    for (VoiceCodec codec : values()) {
      if (codec.payloadType == payloadType && payloadType != DYNAMIC) {
        return Optional.of(codec);
      }
    }
    return Optional.empty();
  }

  /** The codec of an {@code a=rtpmap}: names are compared without case (RFC 8866 §6.6). */
  public static Optional<VoiceCodec> of(String encodingName, int clockRateHz) {
    String wanted = encodingName.toLowerCase(Locale.ROOT);
    for (VoiceCodec codec : values()) {
      if (codec.encodingName.toLowerCase(Locale.ROOT).equals(wanted)
          && codec.clockRateHz == clockRateHz) {
        return Optional.of(codec);
      }
    }
    return Optional.empty();
  }
}
