package io.tandem.protocol.media.rtp;

import io.netty.buffer.ByteBuf;

/**
 * Views on one RTP packet that lies between the reader index and the writer index of a buffer (RFC
 * 3550 §5.1). Nothing is copied and no index moves.
 *
 * <pre>
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |V=2|P|X|  CC   |M|     PT      |       sequence number         |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |                           timestamp                           |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |           synchronization source (SSRC) identifier            |
 * +=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+
 * |            contributing source (CSRC) identifiers             |
 * |                             ....                              |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * </pre>
 *
 * <p>{@link #isValid} is the gate: every other reader may be called only on a packet that passed
 * it.
 */
public final class RtpPacket {
  /** Octets of the header without CSRC list and extension. */
  public static final int FIXED_HEADER_OCTETS = 12;

  private static final int VERSION_2 = 2;

  private RtpPacket() {}

  /**
   * Whether the buffer holds a well-formed RTP packet: version 2, the header with its CSRC list and
   * extension fits, the padding count is possible, and the payload type is not one of those RFC
   * 5761 §4 leaves to RTCP on a shared port.
   */
  public static boolean isValid(ByteBuf packet) {
    if (!headerFits(packet)) {
      return false;
    }
    if (!hasPadding(packet)) {
      return true;
    }
    int octets = packet.readableBytes();
    int padding = packet.getUnsignedByte(packet.readerIndex() + octets - 1);
    return padding >= 1 && padding <= octets - headerOctets(packet);
  }

  /**
   * The same without the padding count, which an SRTP packet does not show (RFC 3711 §3.1): enough
   * to read the header.
   */
  public static boolean headerFits(ByteBuf packet) {
    int octets = packet.readableBytes();
    if (octets < FIXED_HEADER_OCTETS || version(packet) != VERSION_2) {
      return false;
    }
    if (octetTwoIsRtcp(packet)) {
      return false;
    }
    int header = FIXED_HEADER_OCTETS + 4 * csrcCount(packet);
    if (hasExtension(packet)) {
      if (octets < header + 4) {
        return false;
      }
      header += 4 + 4 * packet.getUnsignedShort(packet.readerIndex() + header + 2);
    }
    return header <= octets;
  }

  /**
   * Whether the second octet names an RTCP packet type (192–223: RFC 5761 §4). Needs two octets.
   */
  public static boolean octetTwoIsRtcp(ByteBuf packet) {
    int second = packet.getUnsignedByte(packet.readerIndex() + 1);
    return second >= 192 && second <= 223;
  }

  /** V: 2 for everything this house speaks. */
  public static int version(ByteBuf packet) {
    return packet.getUnsignedByte(packet.readerIndex()) >>> 6;
  }

  /** P: the last octet of the packet counts padding octets, itself included. */
  public static boolean hasPadding(ByteBuf packet) {
    return (packet.getByte(packet.readerIndex()) & 0x20) != 0;
  }

  /** X: one header extension follows the CSRC list (RFC 3550 §5.3.1). */
  public static boolean hasExtension(ByteBuf packet) {
    return (packet.getByte(packet.readerIndex()) & 0x10) != 0;
  }

  /** CC: the number of contributing sources, 0–15. */
  public static int csrcCount(ByteBuf packet) {
    return packet.getByte(packet.readerIndex()) & 0x0f;
  }

  /** M: for audio, the first packet of a talkspurt (RFC 3551 §4.1). */
  public static boolean marker(ByteBuf packet) {
    return (packet.getByte(packet.readerIndex() + 1) & 0x80) != 0;
  }

  /** PT: 0–127, static numbers in RFC 3551 §6. */
  public static int payloadType(ByteBuf packet) {
    return packet.getByte(packet.readerIndex() + 1) & 0x7f;
  }

  /** Sequence number, 0–65535. */
  public static int sequence(ByteBuf packet) {
    return packet.getUnsignedShort(packet.readerIndex() + 2);
  }

  /** Timestamp in units of the payload's clock rate, as its 32 raw bits. */
  public static int timestamp(ByteBuf packet) {
    return packet.getInt(packet.readerIndex() + 4);
  }

  /** SSRC, as its 32 raw bits. */
  public static int ssrc(ByteBuf packet) {
    return packet.getInt(packet.readerIndex() + 8);
  }

  /** Octets before the payload: fixed header, CSRC list and extension. */
  public static int headerOctets(ByteBuf packet) {
    int header = FIXED_HEADER_OCTETS + 4 * csrcCount(packet);
    if (hasExtension(packet)) {
      header += 4 + 4 * packet.getUnsignedShort(packet.readerIndex() + header + 2);
    }
    return header;
  }

  /** Octets of payload, without padding. */
  public static int payloadOctets(ByteBuf packet) {
    int octets = packet.readableBytes();
    int padding =
        hasPadding(packet) ? packet.getUnsignedByte(packet.readerIndex() + octets - 1) : 0;
    return octets - headerOctets(packet) - padding;
  }

  /** Absolute index in the buffer of the payload's first octet. */
  public static int payloadIndex(ByteBuf packet) {
    return packet.readerIndex() + headerOctets(packet);
  }

  /**
   * Writes a fixed header without CSRC, extension or padding at the writer index; the payload comes
   * next.
   *
   * @param payloadType 0–127
   * @param sequence the low 16 bits are used
   * @param timestamp raw bits, units of the payload's clock
   */
  public static void writeHeader(
      ByteBuf out, boolean marker, int payloadType, int sequence, int timestamp, int ssrc) {
    out.writeByte(VERSION_2 << 6);
    out.writeByte((marker ? 0x80 : 0) | (payloadType & 0x7f));
    out.writeShort(sequence);
    out.writeInt(timestamp);
    out.writeInt(ssrc);
  }

  /** Sets the marker in place. */
  public static void mark(ByteBuf packet) {
    int at = packet.readerIndex() + 1;
    packet.setByte(at, packet.getByte(at) | 0x80);
  }

  /** Writes another payload type in place, 0–127; the marker stays. */
  public static void payloadType(ByteBuf packet, int payloadType) {
    int at = packet.readerIndex() + 1;
    packet.setByte(at, (packet.getByte(at) & 0x80) | (payloadType & 0x7f));
  }

  /** Writes sequence number, timestamp and SSRC in place. */
  public static void renumber(ByteBuf packet, int sequence, int timestamp, int ssrc) {
    int at = packet.readerIndex();
    packet.setShort(at + 2, sequence);
    packet.setInt(at + 4, timestamp);
    packet.setInt(at + 8, ssrc);
  }
}
