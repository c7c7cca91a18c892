package io.tandem.protocol.media.rtcp;

import io.netty.buffer.ByteBuf;

/**
 * Takes out of a compound packet what it says of its sender's person (RFC 3550 §6.5: CNAME, often
 * user@host, NAME, EMAIL, PHONE, LOC and so on): the other party of the call has no business with
 * it. CNAME becomes letters of the call, as many and the same each time, the rest becomes blanks.
 * In place, no length changes.
 */
public final class SdesMask {
  private static final int END = 0;
  private static final int CNAME = 1;
  private static final int PRIV = 8;
  private static final int LETTERS = 26;
  private static final int GOLDEN = 0x9e3779b9;

  private SdesMask() {}

  /**
   * Rewrites a datagram that passed {@link RtcpCompound#isValid}.
   *
   * @param seed of the call's side, random; the CNAME is made of it
   */
  public static void apply(ByteBuf datagram, int seed) {
    int at = datagram.readerIndex();
    while (at < datagram.writerIndex()) {
      int octets = 4 * (datagram.getUnsignedShort(at + 2) + 1);
      if (datagram.getUnsignedByte(at + 1) == RtcpCompound.SOURCE_DESCRIPTION) {
        chunks(datagram, at + 4, at + octets, datagram.getUnsignedByte(at) & 0x1f, seed);
      }
      at += octets;
    }
  }

  private static void chunks(ByteBuf datagram, int first, int end, int count, int seed) {
    int at = first;
    for (int i = 0; i < count && at + 4 <= end; i++) {
      int begin = at;
      at = items(datagram, at + 4, end, seed);
      at = begin + (at - begin + 3) / 4 * 4;
    }
  }

  /** Ends behind the chunk's null octet, or at the packet's end. */
  private static int items(ByteBuf datagram, int first, int end, int seed) {
    int at = first;
    while (at < end) {
      int type = datagram.getUnsignedByte(at);
      if (type == END) {
        return at + 1;
      }
      if (at + 2 > end) {
        return end;
      }
      int from = at + 2;
      at = Math.min(end, from + datagram.getUnsignedByte(at + 1));
      cover(datagram, type, from, at, seed);
    }
    return at;
  }

  private static void cover(ByteBuf datagram, int type, int from, int to, int seed) {
    int state = seed;
    for (int i = from; i < to; i++) {
      state = (state ^ (state >>> 15)) * GOLDEN + i - from + 1;
      int letter = 'a' + Math.floorMod(state >>> 8, LETTERS);
      boolean prefixLength = type == PRIV && i == from;
      datagram.setByte(i, type == CNAME ? letter : prefixLength ? 0 : ' ');
    }
  }
}
