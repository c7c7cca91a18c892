package io.tandem.protocol.media.srtp;

import io.netty.buffer.ByteBuf;

/**
 * Opens what a leg sends us, in place: refuses what the peer did not make, and what it made but
 * somebody sends again (RFC 3711 3.3). A refused packet is left as it came and changes no state.
 *
 * <p>Answers the new length, or a negative number: a {@link SrtpRefusal}. Not thread-safe: belongs
 * to the loop of its leg. No garbage in counter mode.
 */
public final class SrtpOpener {
  /** The most any key may be used for (RFC 3711 9.2): the index space of RTP. */
  public static final long UNLIMITED = 1L << 48;

  private final SrtpKeys keys;
  private final PacketCrypt rtp;
  private final PacketCrypt rtcp;
  private final long lifetimePackets;
  private final SourceTable sources = new SourceTable();
  private final SourceTable rtcpSources = new SourceTable();
  private final byte[] work = new byte[PacketCrypt.WORK_OCTETS];
  private long rtpOpened;

  /**
   * @param lifetimePackets RTP packets these keys may open (RFC 4568 6.1), or {@link #UNLIMITED}
   */
  public SrtpOpener(SrtpKeys keys, long lifetimePackets) {
    this.keys = keys;
    this.lifetimePackets = lifetimePackets;
    this.rtp = PacketCrypt.of(keys.profile(), SessionKeys.forRtp(keys), false);
    this.rtcp = PacketCrypt.of(keys.profile(), SessionKeys.forRtcp(keys), true);
  }

  /** With session keys, for the vectors that begin there. */
  SrtpOpener(SrtpKeys keys, SessionKeys session) {
    this.keys = keys;
    this.lifetimePackets = UNLIMITED;
    this.rtp = PacketCrypt.of(keys.profile(), session, false);
    this.rtcp = PacketCrypt.of(keys.profile(), session, true);
  }

  /** The keys it works with. */
  public SrtpKeys keys() {
    return keys;
  }

  /**
   * Opens an RTP packet.
   *
   * @param packet lies between reader and writer index; the writer index follows
   */
  public int rtp(ByteBuf packet) {
    int octets = packet.readableBytes();
    if (octets > PacketCrypt.WORK_OCTETS) {
      return SrtpRefusal.NO_ROOM.code();
    }
    packet.getBytes(packet.readerIndex(), work, 0, octets);
    int plain = octets - rtp.tagOctets();
    int header = PacketShape.rtpHeaderOctets(work, plain);
    if (header == PacketShape.MALFORMED) {
      return SrtpRefusal.MALFORMED.code();
    }
    SourceHistory source = sources.find(PacketShape.rtpSource(work));
    if (source == null) {
      return SrtpRefusal.TOO_MANY_SOURCES.code();
    }
    long index = source.estimate(PacketShape.sequence(work));
    int refusal = rtpOpened >= lifetimePackets ? SrtpRefusal.KEYS_WORN_OUT.code() : 0;
    refusal = refusal == 0 ? source.check(index) : refusal;
    if (refusal != 0) {
      return refusal;
    }
    int opened = rtp.openRtp(work, header, octets, source.ssrc(), index);
    if (opened == PacketCrypt.NOT_AUTHENTIC) {
      return SrtpRefusal.NOT_AUTHENTIC.code();
    }
    source.passed(index);
    sources.keep(source);
    rtpOpened++;
    return replaced(packet, opened);
  }

  /** Opens an RTCP compound packet, see {@link #rtp}. */
  public int rtcp(ByteBuf packet) {
    int octets = packet.readableBytes();
    if (octets > PacketCrypt.WORK_OCTETS) {
      return SrtpRefusal.NO_ROOM.code();
    }
    packet.getBytes(packet.readerIndex(), work, 0, octets);
    if (!PacketShape.isRtcp(work, octets - rtcp.tagOctets() - 4)) {
      return SrtpRefusal.MALFORMED.code();
    }
    int word = rtcp.rtcpIndexWord(work, octets);
    if ((word & PacketCrypt.ENCRYPTED) == 0) {
      return SrtpRefusal.NOT_ENCRYPTED.code();
    }
    SourceHistory source = rtcpSources.find(PacketShape.rtcpSender(work));
    if (source == null) {
      return SrtpRefusal.TOO_MANY_SOURCES.code();
    }
    long index = word & ~PacketCrypt.ENCRYPTED;
    int refusal = source.check(index);
    if (refusal != 0) {
      return refusal;
    }
    int opened = rtcp.openRtcp(work, octets, source.ssrc(), word);
    if (opened == PacketCrypt.NOT_AUTHENTIC) {
      return SrtpRefusal.NOT_AUTHENTIC.code();
    }
    source.passed(index);
    rtcpSources.keep(source);
    return replaced(packet, opened);
  }

  private int replaced(ByteBuf packet, int octets) {
    packet.setBytes(packet.readerIndex(), work, 0, octets);
    packet.writerIndex(packet.readerIndex() + octets);
    return octets;
  }
}
