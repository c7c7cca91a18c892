package io.tandem.protocol.media.rtcp;

import io.netty.buffer.ByteBuf;
import io.tandem.protocol.media.rtp.Splice;

/**
 * Makes a compound packet speak of the streams as its receiver knows them, when they were spliced
 * on their way: the sender's own SSRC and clock by the splice its voice passes, what it reports on
 * by the splice that the other direction passes. In place.
 */
public final class RtcpSplice {
  private static final int BLOCK_OCTETS = 24;

  private RtcpSplice() {}

  /**
   * Rewrites a datagram that passed {@link RtcpCompound#isValid}.
   *
   * @param own the splice of the stream this sender sends
   * @param heard the splice of the stream it receives
   */
  public static void apply(ByteBuf datagram, Splice own, Splice heard) {
    if (!own.moved() && !heard.moved()) {
      return;
    }
    int at = datagram.readerIndex();
    while (at < datagram.writerIndex()) {
      int count = datagram.getUnsignedByte(at) & 0x1f;
      switch (datagram.getUnsignedByte(at + 1)) {
        case RtcpCompound.SENDER_REPORT -> {
          if (datagram.getInt(at + 4) == own.pieceSsrc()) {
            datagram.setInt(at + 16, datagram.getInt(at + 16) + own.timestampOffset());
          }
          name(datagram, at + 4, own);
          blocks(datagram, at + 28, count, heard);
        }
        case RtcpCompound.RECEIVER_REPORT -> {
          name(datagram, at + 4, own);
          blocks(datagram, at + 8, count, heard);
        }
        case RtcpCompound.BYE -> {
          for (int i = 0; i < count; i++) {
            name(datagram, at + 4 + 4 * i, own);
          }
        }
        case RtcpCompound.SOURCE_DESCRIPTION -> {
          // One chunk is all that a phone sends; a mixer's further ones keep their names.
          if (count > 0 && lengthOctets(datagram, at) >= 8) {
            name(datagram, at + 4, own);
          }
        }
        default -> {
          // APP and feedback name whom they will.
        }
      }
      at += lengthOctets(datagram, at);
    }
  }

  private static void name(ByteBuf datagram, int at, Splice own) {
    if (datagram.getInt(at) == own.pieceSsrc()) {
      datagram.setInt(at, own.outSsrc());
    }
  }

  private static void blocks(ByteBuf datagram, int first, int count, Splice heard) {
    for (int i = 0; i < count; i++) {
      int at = first + i * BLOCK_OCTETS;
      if (datagram.getInt(at) == heard.outSsrc()) {
        datagram.setInt(at, heard.pieceSsrc());
        datagram.setInt(at + 8, datagram.getInt(at + 8) - heard.sequenceOffset());
      }
    }
  }

  private static int lengthOctets(ByteBuf datagram, int at) {
    return 4 * (datagram.getUnsignedShort(at + 2) + 1);
  }
}
