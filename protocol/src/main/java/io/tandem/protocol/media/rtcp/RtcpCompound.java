package io.tandem.protocol.media.rtcp;

import io.netty.buffer.ByteBuf;

/**
 * A compound RTCP packet: several packets in one datagram, each with this header (RFC 3550 §6.1,
 * §6.4). Read in place; no index moves and nothing is allocated.
 *
 * <pre>
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |V=2|P|  count  |      PT       |   length in words, minus one  |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * </pre>
 */
public final class RtcpCompound {
  /** Packet types (RFC 3550 §12.1). */
  public static final int SENDER_REPORT = 200;

  /** See {@link #SENDER_REPORT}. */
  public static final int RECEIVER_REPORT = 201;

  /** See {@link #SENDER_REPORT}. */
  public static final int SOURCE_DESCRIPTION = 202;

  /** See {@link #SENDER_REPORT}. */
  public static final int BYE = 203;

  /** See {@link #SENDER_REPORT}. */
  public static final int APP = 204;

  private static final int HEADER_OCTETS = 4;
  private static final int SENDER_OCTETS = 20;
  private static final int BLOCK_OCTETS = 24;

  private RtcpCompound() {}

  /** Hears what a compound packet says, packet by packet. Every method has an empty default. */
  public interface Listener {
    /**
     * An SR's sender part.
     *
     * @param ssrc of the sender
     * @param ntp 64 bits: seconds since 1900 and their fraction
     * @param rtpTimestamp the same instant in RTP ticks, raw bits
     * @param packets sent so far, 32 bits unsigned
     * @param octets of payload sent so far, 32 bits unsigned
     */
    default void senderReport(int ssrc, long ntp, int rtpTimestamp, long packets, long octets) {}

    /** An RR's head; its blocks follow. */
    default void receiverReport(int ssrc) {}

    /**
     * One report block of an SR or RR.
     *
     * @param reporter SSRC of who reports
     * @param source SSRC of the stream that is reported on
     * @param fractionLost in 256ths, since the last report
     * @param lost packets since the beginning, signed
     * @param highestSequence extended, 32 bits unsigned
     * @param jitterTicks in RTP ticks, 32 bits unsigned
     * @param lastSenderReport middle 32 bits of the NTP stamp of the last SR seen, 0 for none
     * @param delaySinceThen in 65536ths of a second
     */
    default void reportBlock(
        int reporter,
        int source,
        int fractionLost,
        int lost,
        long highestSequence,
        long jitterTicks,
        int lastSenderReport,
        long delaySinceThen) {}

    /** Any other packet, by its type; BYE among them. */
    default void other(int packetType) {}
  }

  /**
   * Whether the datagram is a valid compound packet by the checks of RFC 3550 A.2: version 2
   * throughout, an SR or RR first, padding only in the last, and the lengths add up. Reduced-size
   * packets (RFC 5506) may begin with another RTCP type.
   */
  public static boolean isValid(ByteBuf datagram) {
    int octets = datagram.readableBytes();
    int at = 0;
    while (at < octets) {
      if (octets - at < HEADER_OCTETS) {
        return false;
      }
      int index = datagram.readerIndex() + at;
      int first = datagram.getUnsignedByte(index);
      int type = datagram.getUnsignedByte(index + 1);
      int length = lengthOctets(datagram, index);
      boolean last = at + length == octets;
      boolean padded = (first & 0x20) != 0;
      if (first >>> 6 != 2 || type < 192 || type > 223 || at + length > octets) {
        return false;
      }
      if ((padded && !(last && paddingFits(datagram, index, length)))
          || !bodyFits(first & 0x1f, type, length)) {
        return false;
      }
      at += length;
    }
    return octets > 0;
  }

  /**
   * Whether the datagram begins as an RTCP packet does, which is all that SRTCP shows (RFC 3711
   * §3.4): version 2, an RTCP type, and the sender's SSRC is there.
   */
  public static boolean mayBeProtected(ByteBuf datagram) {
    if (datagram.readableBytes() < HEADER_OCTETS + 4) {
      return false;
    }
    int type = datagram.getUnsignedByte(datagram.readerIndex() + 1);
    return datagram.getUnsignedByte(datagram.readerIndex()) >>> 6 == 2
        && type >= 192
        && type <= 223;
  }

  private static boolean paddingFits(ByteBuf datagram, int index, int length) {
    int padding = datagram.getUnsignedByte(index + length - 1);
    return padding >= 4 && padding % 4 == 0 && padding <= length - HEADER_OCTETS;
  }

  /** Whether the count in the header has room in the length. */
  private static boolean bodyFits(int count, int type, int length) {
    return switch (type) {
      case SENDER_REPORT -> length >= HEADER_OCTETS + 4 + SENDER_OCTETS + count * BLOCK_OCTETS;
      case RECEIVER_REPORT -> length >= HEADER_OCTETS + 4 + count * BLOCK_OCTETS;
      case BYE -> length >= HEADER_OCTETS + 4 * count;
      default -> true;
    };
  }

  private static int lengthOctets(ByteBuf datagram, int index) {
    return 4 * (datagram.getUnsignedShort(index + 2) + 1);
  }

  /** Walks a datagram that passed {@link #isValid} and tells the listener what it says. */
  public static void walk(ByteBuf datagram, Listener listener) {
    int index = datagram.readerIndex();
    while (index < datagram.writerIndex()) {
      int count = datagram.getUnsignedByte(index) & 0x1f;
      int type = datagram.getUnsignedByte(index + 1);
      switch (type) {
        case SENDER_REPORT -> {
          int sender = datagram.getInt(index + 4);
          listener.senderReport(
              sender,
              datagram.getLong(index + 8),
              datagram.getInt(index + 16),
              datagram.getUnsignedInt(index + 20),
              datagram.getUnsignedInt(index + 24));
          blocks(datagram, index + 28, count, sender, listener);
        }
        case RECEIVER_REPORT -> {
          int reporter = datagram.getInt(index + 4);
          listener.receiverReport(reporter);
          blocks(datagram, index + 8, count, reporter, listener);
        }
        default -> listener.other(type);
      }
      index += lengthOctets(datagram, index);
    }
  }

  private static void blocks(
      ByteBuf datagram, int index, int count, int reporter, Listener listener) {
    for (int i = 0; i < count; i++) {
      int at = index + i * BLOCK_OCTETS;
      listener.reportBlock(
          reporter,
          datagram.getInt(at),
          datagram.getUnsignedByte(at + 4),
          datagram.getMedium(at + 5),
          datagram.getUnsignedInt(at + 8),
          datagram.getUnsignedInt(at + 12),
          datagram.getInt(at + 16),
          datagram.getUnsignedInt(at + 20));
    }
  }
}
