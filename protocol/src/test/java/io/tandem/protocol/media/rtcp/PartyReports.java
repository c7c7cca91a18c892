package io.tandem.protocol.media.rtcp;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The reports of a phone in a test: an SR or RR with at most one block, then the name. */
public final class PartyReports {
  /** Seconds from 1900-01-01 (NTP) to 1970-01-01. */
  private static final long NTP_EPOCH_OFFSET_SECONDS = 2_208_988_800L;

  private PartyReports() {}

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
    private void write(ByteBuf out) {
      RtcpReport.writeBlock(
          out,
          source,
          fractionLost,
          lost,
          highestSequence,
          jitterTicks,
          lastSenderReport,
          delaySinceThen);
    }
  }

  /** An RR with SDES, for who only listens. */
  public static void writeReceiverReport(
      ByteBuf out, int ssrc, @Nullable Block block, String cname) {
    RtcpReport.writeReceiverHead(out, ssrc, block != null);
    if (block != null) {
      block.write(out);
    }
    RtcpReport.writeCname(out, ssrc, cname.getBytes(UTF_8));
  }

  /**
   * An SR with SDES, for who also sends.
   *
   * @param at wall clock of the report
   * @param rtpTimestamp the same instant in the stream's ticks
   * @param packets sent so far
   * @param octets of payload sent so far
   */
  static void writeSenderReport(
      ByteBuf out,
      int ssrc,
      Instant at,
      int rtpTimestamp,
      long packets,
      long octets,
      @Nullable Block block,
      String cname) {
    RtcpReport.writeSenderHead(out, ssrc, ntp(at), rtpTimestamp, packets, octets, block != null);
    if (block != null) {
      block.write(out);
    }
    RtcpReport.writeCname(out, ssrc, cname.getBytes(UTF_8));
  }

  /** NTP time stamp of an instant: 32 bits of seconds since 1900, 32 bits of fraction. */
  private static long ntp(Instant at) {
    long seconds = at.getEpochSecond() + NTP_EPOCH_OFFSET_SECONDS;
    long fraction = ((long) at.getNano() << 32) / 1_000_000_000L;
    return (seconds << 32) | fraction;
  }
}
