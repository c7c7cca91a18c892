package io.tandem.protocol.media.rtp;

import io.netty.buffer.ByteBuf;

/**
 * What an Opus packet says of voice without being decoded. Its encoder's own voice detector stands
 * in the first bits of each SILK frame (RFC 6716 §4.2.3), and the range coder puts bits of even
 * chance there as they are (§4.1.3.2), so one look at one octet tells; a packet of CELT alone says
 * nothing.
 */
enum OpusActivity {
  /** Its encoder heard a voice. */
  VOICE,
  /** Its encoder heard none, or sent nothing at all (DTX). */
  SILENCE,
  /** It does not say. */
  UNKNOWN;

  private static final int FIRST_CELT_CONFIGURATION = 16;
  private static final int FIRST_HYBRID_CONFIGURATION = 12;

  /** SILK frames in a packet's frame of 10, 20, 40 and 60 ms. */
  private static final int[] SILK_FRAMES = {1, 1, 2, 3};

  /**
   * Looks at a payload of one frame or of two of one size, which is what is sent.
   *
   * @param at where it begins
   */
  static OpusActivity of(ByteBuf packet, int at, int octets) {
    if (octets == 0) {
      return UNKNOWN;
    }
    int toc = packet.getUnsignedByte(at);
    int configuration = toc >> 3;
    if (octets <= 2) {
      return SILENCE;
    }
    if (configuration >= FIRST_CELT_CONFIGURATION || (toc & 3) > 1) {
      return UNKNOWN;
    }
    int frames = configuration >= FIRST_HYBRID_CONFIGURATION ? 1 : SILK_FRAMES[configuration & 3];
    return packet.getUnsignedByte(at + 1) >> (8 - frames) == 0 ? SILENCE : VOICE;
  }
}
