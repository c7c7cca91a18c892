package io.tandem.protocol.media.voice;

import io.tandem.protocol.media.codec.VoiceCodec;

/**
 * What SDP agreed on for one leg.
 *
 * @param codec both ways
 * @param payloadType of the codec, as the other side numbers it
 * @param telephoneEventType payload type of telephone events (RFC 4733), or {@link #NONE}
 */
public record LegFormat(VoiceCodec codec, int payloadType, int telephoneEventType) {
  /** No such payload type was agreed. */
  public static final int NONE = -1;

  /**
   * @throws IllegalArgumentException when a payload type does not fit seven bits
   */
  public LegFormat {
    if (payloadType < 0 || payloadType > 127 || telephoneEventType > 127) {
      throw new IllegalArgumentException("payload types are 0 to 127: " + payloadType);
    }
  }

  /**
   * A codec of static payload type, telephone events on 101 as everybody numbers them.
   *
   * @throws IllegalArgumentException when the codec has no static payload type
   */
  public static LegFormat of(VoiceCodec codec) {
    return new LegFormat(codec, codec.payloadType(), 101);
  }
}
