package io.tandem.protocol.media.rtp;

import io.netty.buffer.ByteBuf;

/**
 * Keeps the one stream that a receiver hears whole while its sources change: a transfer, a
 * re-anchored call, an announcement in between. The first piece passes as it is. Every later one
 * (another SSRC, or after {@link #cut}) goes on with the first one's SSRC, the next sequence number
 * and the time that has passed, and begins with the marker, as a talkspurt does (RFC 3551 §4.1).
 * Within a piece the numbers only move by a constant, so that loss, order and jitter stay what they
 * were.
 *
 * <p>Pure: a packet and the time come in, the packet goes out changed. Belongs to the loop of the
 * leg that sends.
 */
public final class Splice {
  /** So many packets after a splice, those from before it may still arrive. */
  private static final int SETTLING_PACKETS = 1000;

  private int clockRateHz;

  private boolean started;
  private boolean cut;
  private int outSsrc;
  private int pieceSsrc;
  private int sequenceOffset;
  private int timestampOffset;

  private int firstOfPiece;
  private int packetsOfPiece;
  private int highestOut;
  private int timestampOut;
  private long nanosOut;

  private boolean formerKnown;
  private int formerSsrc;
  private int formerHighestIn;

  /**
   * @param clockRateHz ticks a second of the payload's RTP clock
   */
  public Splice(int clockRateHz) {
    this.clockRateHz = clockRateHz;
  }

  /** The clock of the pieces to come. */
  public void clockRate(int hertz) {
    clockRateHz = hertz;
  }

  /** The next packet begins a new piece, whatever its SSRC: its sender has changed, or paused. */
  public void cut() {
    cut = started;
  }

  /**
   * Rewrites a valid RTP packet in place.
   *
   * @param nowNanos monotonic
   * @return false for a late packet of a former piece, which is not to be sent
   */
  public boolean apply(ByteBuf packet, long nowNanos) {
    int ssrc = RtpPacket.ssrc(packet);
    int sequence = RtpPacket.sequence(packet);
    if (!started) {
      begin(ssrc, sequence);
    } else if (cut || ssrc != pieceSsrc) {
      if (late(ssrc, sequence)) {
        return false;
      }
      splice(packet, ssrc, sequence, nowNanos);
    }
    int out = (sequence + sequenceOffset) & 0xffff;
    // No question here is answered otherwise only because a call gets older: the compiler bets.
    if (formerKnown && isBeforeSplice(out)) {
      return false;
    }
    if (ahead(out, highestOut) > 0) {
      highestOut = out;
      timestampOut = RtpPacket.timestamp(packet) + timestampOffset;
      nanosOut = nowNanos;
    }
    if (moved()) {
      RtpPacket.renumber(packet, out, RtpPacket.timestamp(packet) + timestampOffset, outSsrc);
    }
    return true;
  }

  private void begin(int ssrc, int sequence) {
    started = true;
    outSsrc = ssrc;
    pieceSsrc = ssrc;
    highestOut = (sequence - 1) & 0xffff;
  }

  /** The new piece's own packets from before it was first heard, while they may still come. */
  private boolean isBeforeSplice(int out) {
    if (packetsOfPiece == SETTLING_PACKETS) {
      return false;
    }
    packetsOfPiece++;
    return ahead(out, firstOfPiece) < 0;
  }

  /** The former piece went on for a moment; what it has sent before is not a piece of its own. */
  private boolean late(int ssrc, int sequence) {
    if (cut) {
      return false;
    }
    return formerKnown && ssrc == formerSsrc && ahead(sequence, formerHighestIn) <= 0;
  }

  private void splice(ByteBuf packet, int ssrc, int sequence, long nowNanos) {
    formerKnown = true;
    formerSsrc = pieceSsrc;
    formerHighestIn = (highestOut - sequenceOffset) & 0xffff;
    cut = false;
    pieceSsrc = ssrc;
    packetsOfPiece = 0;
    firstOfPiece = (highestOut + 1) & 0xffff;
    sequenceOffset = firstOfPiece - sequence;
    long ticks = (nowNanos - nanosOut) / 1000 * clockRateHz / 1_000_000;
    timestampOffset = timestampOut + (int) Math.max(1, ticks) - RtpPacket.timestamp(packet);
    RtpPacket.mark(packet);
  }

  /** Whether packets are changed at all. */
  public boolean moved() {
    return formerKnown;
  }

  /** SSRC that the receiver knows; 0 before the first packet. */
  public int outSsrc() {
    return outSsrc;
  }

  /** SSRC of the piece that passes now. */
  public int pieceSsrc() {
    return pieceSsrc;
  }

  /** What is added to sequence numbers of the piece that passes now, modulo 65536. */
  public int sequenceOffset() {
    return sequenceOffset;
  }

  /** What is added to timestamps of the piece that passes now. */
  public int timestampOffset() {
    return timestampOffset;
  }

  /** The RTP time of the stream at an instant: that of the last packet and what passed since. */
  public int timestampAt(long nowNanos) {
    return timestampOut + (int) ((nowNanos - nanosOut) / 1000 * clockRateHz / 1_000_000);
  }

  /** Distance on the circle of 16-bit sequence numbers, negative when behind. */
  private static int ahead(int sequence, int than) {
    return (short) (sequence - than);
  }
}
