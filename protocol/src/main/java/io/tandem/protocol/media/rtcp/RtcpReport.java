package io.tandem.protocol.media.rtcp;

import io.netty.buffer.ByteBuf;
import io.tandem.protocol.media.rtp.Reception;

/**
 * Writes the reports a participant sends: an SR or RR with at most one block, then the mandatory
 * SDES with the CNAME (RFC 3550 §6.4, §6.5). One compound packet a call.
 */
final class RtcpReport {
  private static final int SDES_CNAME = 1;

  private RtcpReport() {}

  /** Before the block of an RR. */
  static void writeReceiverHead(ByteBuf out, int ssrc, boolean block) {
    writeHead(out, block, RtcpCompound.RECEIVER_REPORT, 1);
    out.writeInt(ssrc);
  }

  /** Before the block of an SR, by any clock: 32 bits of seconds, 32 bits of fraction. */
  static void writeSenderHead(
      ByteBuf out, int ssrc, long ntp, int rtpTimestamp, long packets, long octets, boolean block) {
    writeHead(out, block, RtcpCompound.SENDER_REPORT, 6);
    out.writeInt(ssrc);
    out.writeLong(ntp);
    out.writeInt(rtpTimestamp);
    out.writeInt((int) packets);
    out.writeInt((int) octets);
  }

  private static void writeHead(ByteBuf out, boolean block, int type, int bodyWords) {
    int blocks = block ? 1 : 0;
    out.writeByte(0x80 | blocks);
    out.writeByte(type);
    out.writeShort(bodyWords + 6 * blocks);
  }

  /** What a receiver says of one source; begins a new interval of the fraction. */
  static void writeBlock(
      ByteBuf out, Reception reception, int lastSenderReport, long delaySinceThen) {
    writeBlock(
        out,
        reception.ssrc(),
        reception.fractionLostSinceLastReport(),
        reception.lostOfSource(),
        reception.extendedHighestSequence(),
        reception.jitterTicks(),
        lastSenderReport,
        delaySinceThen);
  }

  /**
   * @param fractionLost in 256ths
   * @param lost signed, 24 bits
   * @param highestSequence extended
   * @param lastSenderReport middle 32 bits of the last SR's NTP stamp, 0 for none
   * @param delaySinceThen in 65536ths of a second
   */
  static void writeBlock(
      ByteBuf out,
      int source,
      int fractionLost,
      long lost,
      long highestSequence,
      long jitterTicks,
      int lastSenderReport,
      long delaySinceThen) {
    out.writeInt(source);
    out.writeByte(fractionLost);
    out.writeMedium((int) Math.max(-0x800000, Math.min(0x7fffff, lost)));
    out.writeInt((int) highestSequence);
    out.writeInt((int) jitterTicks);
    out.writeInt(lastSenderReport);
    out.writeInt((int) delaySinceThen);
  }

  /** RFC 3550 §6.5: one chunk, one item, zero-padded to a word with at least one zero. */
  static void writeCname(ByteBuf out, int ssrc, byte[] name) {
    if (name.length > 255) {
      throw new IllegalArgumentException("a CNAME has at most 255 octets: " + name.length);
    }
    int itemOctets = 2 + name.length;
    int zeros = 4 - itemOctets % 4;
    out.writeByte(0x81);
    out.writeByte(RtcpCompound.SOURCE_DESCRIPTION);
    out.writeShort(1 + (itemOctets + zeros) / 4);
    out.writeInt(ssrc);
    out.writeByte(SDES_CNAME);
    out.writeByte(name.length);
    out.writeBytes(name);
    out.writeZero(zeros);
  }
}
