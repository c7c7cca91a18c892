package io.tandem.protocol.media.srtp;

import io.netty.buffer.ByteBuf;

/**
 * Seals what we send to a leg, in place. The streams come from another party, so their numbers are
 * not ours: a packet whose index was sealed before is refused, for the keystream of an index may
 * cover one payload only (RFC 3711 9.1).
 *
 * <p>Answers the new length, or a negative number: a {@link SrtpRefusal}. Not thread-safe: belongs
 * to the loop of its leg. No garbage in counter mode.
 */
public final class SrtpSealer {
  /** SRTCP indexes are 31 bits wide (RFC 3711 3.4). */
  private static final long MAX_RTCP_PACKETS = 1L << 31;

  private final SrtpKeys keys;
  private final PacketCrypt rtp;
  private final PacketCrypt rtcp;
  private final long lifetimePackets;
  private final SourceTable sources = new SourceTable();
  private final byte[] work = new byte[PacketCrypt.WORK_OCTETS];
  private long rtpSealed;
  private long rtcpSealed;

  /**
   * @param lifetimePackets RTP packets these keys may seal, and RTCP packets (RFC 4568 6.1), see
   *     {@link SrtpOpener#UNLIMITED}
   */
  public SrtpSealer(SrtpKeys keys, long lifetimePackets) {
    this.keys = keys;
    this.lifetimePackets = lifetimePackets;
    this.rtp = PacketCrypt.of(keys.profile(), SessionKeys.forRtp(keys), false);
    this.rtcp = PacketCrypt.of(keys.profile(), SessionKeys.forRtcp(keys), true);
  }

  /** With session keys, for the vectors that begin there. */
  SrtpSealer(SrtpKeys keys, SessionKeys session) {
    this.keys = keys;
    this.lifetimePackets = SrtpOpener.UNLIMITED;
    this.rtp = PacketCrypt.of(keys.profile(), session, false);
    this.rtcp = PacketCrypt.of(keys.profile(), session, true);
  }

  /** The keys it works with. */
  public SrtpKeys keys() {
    return keys;
  }

  /**
   * Seals an RTP packet.
   *
   * @param packet lies between reader and writer index; the writer index follows
   */
  public int rtp(ByteBuf packet) {
    int octets = packet.readableBytes();
    if (!fits(packet, rtp.tagOctets())) {
      return SrtpRefusal.NO_ROOM.code();
    }
    packet.getBytes(packet.readerIndex(), work, 0, octets);
    int header = PacketShape.rtpHeaderOctets(work, octets);
    if (header == PacketShape.MALFORMED) {
      return SrtpRefusal.MALFORMED.code();
    }
    SourceHistory source = sources.find(PacketShape.rtpSource(work));
    if (source == null) {
      return SrtpRefusal.TOO_MANY_SOURCES.code();
    }
    long index = source.estimate(PacketShape.sequence(work));
    int refusal = rtpSealed >= lifetimePackets ? SrtpRefusal.KEYS_WORN_OUT.code() : 0;
    refusal = refusal == 0 ? source.check(index) : refusal;
    if (refusal != 0) {
      return refusal;
    }
    source.passed(index);
    sources.keep(source);
    rtpSealed++;
    int sealed = rtp.sealRtp(work, header, octets, source.ssrc(), index);
    return replaced(packet, sealed);
  }

  /** Seals an RTCP compound packet, see {@link #rtp}. */
  public int rtcp(ByteBuf packet) {
    int octets = packet.readableBytes();
    if (!fits(packet, rtcp.tagOctets() + 4)) {
      return SrtpRefusal.NO_ROOM.code();
    }
    packet.getBytes(packet.readerIndex(), work, 0, octets);
    if (!PacketShape.isRtcp(work, octets)) {
      return SrtpRefusal.MALFORMED.code();
    }
    if (rtcpSealed >= Math.min(lifetimePackets, MAX_RTCP_PACKETS)) {
      return SrtpRefusal.KEYS_WORN_OUT.code();
    }
    int sealed = rtcp.sealRtcp(work, octets, PacketShape.rtcpSender(work), (int) rtcpSealed);
    rtcpSealed++;
    return replaced(packet, sealed);
  }

  private static boolean fits(ByteBuf packet, int growthOctets) {
    int sealedOctets = packet.readableBytes() + growthOctets;
    return sealedOctets <= PacketCrypt.WORK_OCTETS && packet.maxWritableBytes() >= growthOctets;
  }

  private int replaced(ByteBuf packet, int octets) {
    packet.ensureWritable(octets - packet.readableBytes());
    packet.setBytes(packet.readerIndex(), work, 0, octets);
    packet.writerIndex(packet.readerIndex() + octets);
    return octets;
  }
}
