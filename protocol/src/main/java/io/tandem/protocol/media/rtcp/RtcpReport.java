package io.tandem.protocol.media.rtcp;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import io.tandem.protocol.media.rtp.Reception;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Writes the reports a participant sends: an SR or RR with at most one block, then the mandatory
 * SDES with the CNAME (RFC 3550 §6.4, §6.5). One compound packet a call.
 */
public final class RtcpReport {
  /** Seconds from 1900-01-01 (NTP) to 1970-01-01. */
  private static final long NTP_EPOCH_OFFSET_SECONDS = 2_208_988_800L;

  private static final int SDES_CNAME = 1;

  private RtcpReport() {}

  /**
   * What one receiver says of one source.
   *
   * @param source SSRC
   * @param fractionLost in 256ths
   * @param lost signed, 24 bits
   * @param highestSequence extended
   * @param jitterTicks RTP ticks
   * @param lastSenderReport middle 32 bits of the last SR's NTP stamp, 0 for none
   * @param delaySinceThen in 65536ths of a second
   */
  public record Block(
      int source,
      int fractionLost,
      long lost,
      long highestSequence,
      long jitterTicks,
      int lastSenderReport,
      long delaySinceThen) {

    /** The block that a reception state stands for; begins a new interval of the fraction. */
    public static Block of(Reception reception, int lastSenderReport, long delaySinceThen) {
      return new Block(
          reception.ssrc(),
          reception.fractionLostSinceLastReport(),
          reception.lostOfSource(),
          reception.extendedHighestSequence(),
          reception.jitterTicks(),
          lastSenderReport,
          delaySinceThen);
    }
  }

  /** An RR with SDES, for who only listens. */
  public static void writeReceiverReport(
      ByteBuf out, int ssrc, @Nullable Block block, String cname) {
    writeReceiverHead(out, ssrc, block != null);
    writeBlock(out, block);
    writeCname(out, ssrc, cname.getBytes(UTF_8));
  }

  /** Before the block of an RR. */
  static void writeReceiverHead(ByteBuf out, int ssrc, boolean block) {
    writeHead(out, block, RtcpCompound.RECEIVER_REPORT, 1);
    out.writeInt(ssrc);
  }

  /**
   * An SR with SDES, for who also sends.
   *
   * @param at wall clock of the report
   * @param rtpTimestamp the same instant in the stream's ticks
   * @param packets sent so far
   * @param octets of payload sent so far
   */
  public static void writeSenderReport(
      ByteBuf out,
      int ssrc,
      Instant at,
      int rtpTimestamp,
      long packets,
      long octets,
      @Nullable Block block,
      String cname) {
    writeSenderHead(out, ssrc, ntp(at), rtpTimestamp, packets, octets, block != null);
    writeBlock(out, block);
    writeCname(out, ssrc, cname.getBytes(UTF_8));
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

  /** NTP time stamp of an instant: 32 bits of seconds since 1900, 32 bits of fraction. */
  public static long ntp(Instant at) {
    long seconds = at.getEpochSecond() + NTP_EPOCH_OFFSET_SECONDS;
    long fraction = ((long) at.getNano() << 32) / 1_000_000_000L;
    return (seconds << 32) | fraction;
  }

  private static void writeHead(ByteBuf out, boolean block, int type, int bodyWords) {
    int blocks = block ? 1 : 0;
    out.writeByte(0x80 | blocks);
    out.writeByte(type);
    out.writeShort(bodyWords + 6 * blocks);
  }

  private static void writeBlock(ByteBuf out, @Nullable Block block) {
    if (block == null) {
      return;
    }
    writeBlock(
        out,
        block.source(),
        block.fractionLost(),
        block.lost(),
        block.highestSequence(),
        block.jitterTicks(),
        block.lastSenderReport(),
        block.delaySinceThen());
  }

  /** The same as {@link Block#of}, of a reception itself: a relay makes no garbage. */
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

  private static void writeBlock(
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
