package io.tandem.protocol.media.rtcp;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import io.tandem.protocol.media.rtp.Reception;
import io.tandem.protocol.media.rtp.Splice;
import java.util.UUID;

/**
 * Reports to one party in our own name (RFC 3550 §6.4), where nobody else's reach it: on the voice
 * path, where streams end here, and on a relayed call whose other side sends no RTCP. A sender
 * report while the party is sent something, a receiver report otherwise, each with what we received
 * of it.
 *
 * <p>Pure: time and state come in, octets go out. Belongs to the loop of the leg.
 */
public final class Reporter {
  /** The least mean interval (RFC 3550 §6.2); two parties never have to wait longer. */
  public static final long INTERVAL_NANOS = 5_000_000_000L;

  /** The other side of a relayed call reports by itself if it was heard so recently. */
  static final long OTHERS_NANOS = 3 * INTERVAL_NANOS;

  private final int ownSsrc;
  private final long bornNanos;
  private long random;

  /** RFC 7022 §4.2: random, of this call only; made before packets pass, which make no garbage. */
  private final byte[] cname = UUID.randomUUID().toString().getBytes(US_ASCII);

  private long nextNanos;
  private long othersNanos;
  private long packetsAtReport;
  private int lastSenderReport;
  private long senderReportNanos;

  /**
   * @param seed of the moments, and our SSRC as long as the party is sent nothing
   */
  public Reporter(int seed, long nowNanos) {
    this.ownSsrc = seed;
    this.bornNanos = nowNanos;
    this.random = seed;
    this.othersNanos = nowNanos;
    this.nextNanos = nowNanos + interval() / 2; // RFC 3550 §6.2: the first one comes sooner
  }

  /** Somebody else's report went to the party. */
  public void passed(long nowNanos) {
    othersNanos = nowNanos;
  }

  /** The party's sender report came. */
  public void heard(long ntp, long nowNanos) {
    lastSenderReport = (int) (ntp >>> 16);
    senderReportNanos = nowNanos;
  }

  /**
   * Whether {@link #write} is to be called now.
   *
   * @param alone nobody else's reports can reach the party
   */
  public boolean due(long nowNanos, boolean alone) {
    if (nowNanos - nextNanos < 0) {
      return false;
    }
    nextNanos = nowNanos + interval();
    return alone || nowNanos - othersNanos >= OTHERS_NANOS;
  }

  /** The moment before which {@link #due} says no, whatever happens. */
  public long quietUntilNanos() {
    return nextNanos;
  }

  /** RFC 3550 §6.3.1: between half and one and a half times the mean, so that nobody marches. */
  private long interval() {
    random = random * 6_364_136_223_846_793_005L + 1_442_695_040_888_963_407L;
    return INTERVAL_NANOS / 2 + Math.floorMod(random >>> 16, INTERVAL_NANOS);
  }

  /**
   * Writes a compound packet.
   *
   * @param heard what came of the party
   * @param sent the stream it is sent
   * @param packets it was sent so far
   * @param octets of payload in these
   */
  public void write(
      ByteBuf out, Reception heard, Splice sent, long packets, long octets, long nowNanos) {
    boolean block = heard.received() != 0;
    int ssrc = packets == 0 ? ownSsrc : sent.outSsrc();
    if (packets == packetsAtReport) {
      RtcpReport.writeReceiverHead(out, ssrc, block);
    } else {
      packetsAtReport = packets;
      int timestamp = sent.timestampAt(nowNanos);
      RtcpReport.writeSenderHead(out, ssrc, ntp(nowNanos), timestamp, packets, octets, block);
    }
    if (block) {
      RtcpReport.writeBlock(out, heard, lastSenderReport, sinceSenderReport(nowNanos));
    }
    RtcpReport.writeCname(out, ssrc, cname);
  }

  private long sinceSenderReport(long nowNanos) {
    return lastSenderReport == 0 ? 0 : ((nowNanos - senderReportNanos) << 16) / 1_000_000_000L;
  }

  /** The time since we began, which RFC 3550 §6.4.1 allows who has no wall clock. */
  private long ntp(long nowNanos) {
    long elapsed = nowNanos - bornNanos;
    long fraction = ((elapsed % 1_000_000_000L) << 32) / 1_000_000_000L;
    return ((elapsed / 1_000_000_000L) << 32) | fraction;
  }
}
