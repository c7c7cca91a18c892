package io.tandem.protocol.media.relay;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.socket.DatagramPacket;
import io.tandem.protocol.media.relay.Tally.Count;
import io.tandem.protocol.media.rtcp.RtcpCompound;
import io.tandem.protocol.media.rtp.Reception;
import io.tandem.protocol.media.rtp.RtpPacket;
import java.net.InetSocketAddress;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The packets of one leg, on its event loop and nowhere else: check, latch, count, pass on. A
 * datagram comes in by {@link #onRtpPort} or {@link #onRtcpPort} of one leg and goes out by {@link
 * #sendRtp} or {@link #sendRtcp} of the other, header and payload untouched.
 */
final class LegTraffic {
  /** Ten times what a 20 ms voice stream sends, and one second of it at once. */
  private static final int MAX_PACKETS_PER_SECOND = 500;

  private static final int G711_CLOCK_RATE_HZ = 8000;

  private final RelayLeg leg;
  private final Relay relay;
  private final LongSupplier nanoClock;
  private final SourceLatch.Patience patience;
  private final Tally tally;
  private final SourceLatch latch;
  private final Policer policer = new Policer(MAX_PACKETS_PER_SECOND, MAX_PACKETS_PER_SECOND);
  private final Reports reports = new Reports();

  private RelayLeg.Wish followed;
  private Reception reception = new Reception(G711_CLOCK_RATE_HZ);
  private int clockRateHz = G711_CLOCK_RATE_HZ;
  private @Nullable InetSocketAddress rtcpSource;

  LegTraffic(RelayLeg leg, Relay relay, LongSupplier nanoClock, SourceLatch.Patience patience) {
    this.leg = leg;
    this.relay = relay;
    this.nanoClock = nanoClock;
    this.patience = patience;
    this.tally = leg.tally();
    this.latch = new SourceLatch(patience);
    this.followed = leg.wish();
  }

  /** A datagram on the even port. Returns the channel it was written to, null for none. */
  @Nullable Channel onRtpPort(DatagramPacket datagram) {
    ByteBuf packet = datagram.content();
    long now = nanoClock.getAsLong();
    follow(now);
    if (cutOff(packet) || !RtpPacket.isValid(packet)) {
      return onSharedPort(datagram, now);
    }
    int ssrc = RtpPacket.ssrc(packet);
    int sequence = RtpPacket.sequence(packet);
    switch (latch.judge(datagram.sender(), ssrc, sequence, now, learningOpen(now))) {
      case EARLY -> {
        return drop(Count.EARLY);
      }
      case STRANGER -> {
        return drop(Count.STRANGERS);
      }
      case LATCHED -> latchedNow();
      case ACCEPTED -> {}
    }
    if (!policer.admits(now)) {
      return drop(Count.EXCESS);
    }
    reception.packet(ssrc, sequence, RtpPacket.timestamp(packet), now);
    tally.set(Count.LOST, reception.lost());
    tally.set(Count.JITTER_MICROS, reception.jitterMicros());
    tally.set(Count.LAST_PACKET_NANOS, now);
    tally.add(Count.RTP_IN, 1);
    tally.add(Count.RTP_OCTETS_IN, packet.readableBytes());
    LegTraffic other = relay.traffic(leg.side().opposite());
    Channel through =
        relay.bridged() && leg.heard() && other.leg.hears() ? other.sendRtp(packet, now) : null;
    return through == null ? drop(Count.HELD_BACK) : through;
  }

  /** A datagram on the odd port. Returns the channel it was written to, null for none. */
  @Nullable Channel onRtcpPort(DatagramPacket datagram) {
    ByteBuf packet = datagram.content();
    long now = nanoClock.getAsLong();
    follow(now);
    if (cutOff(packet) || !RtcpCompound.isValid(packet)) {
      return drop(Count.INVALID);
    }
    RemoteParty party = followed.party;
    if (party == null) {
      return drop(Count.EARLY);
    }
    InetSocketAddress from = datagram.sender();
    if (!from.equals(rtcpSource)) {
      if (!mayReport(party, from)) {
        return drop(Count.STRANGERS);
      }
      rtcpSource = from;
    }
    return acceptRtcp(packet, now);
  }

  /** RFC 5761: on the RTP port, what is not RTP may be RTCP of the same, already latched source. */
  private @Nullable Channel onSharedPort(DatagramPacket datagram, long now) {
    ByteBuf packet = datagram.content();
    if (cutOff(packet) || !RtcpCompound.isValid(packet)) {
      return drop(Count.INVALID);
    }
    if (followed.party == null) {
      return drop(Count.EARLY);
    }
    if (!datagram.sender().equals(latch.source())) {
      return drop(Count.STRANGERS);
    }
    return acceptRtcp(packet, now);
  }

  /** The negotiated RTCP address, or the first port of the host whose RTP is latched. */
  private boolean mayReport(RemoteParty party, InetSocketAddress from) {
    if (from.equals(party.rtcp())) {
      return true;
    }
    InetSocketAddress source = latch.source();
    return rtcpSource == null
        && source != null
        && party.learning() != RemoteParty.Learning.NEGOTIATED
        && source.getAddress().equals(from.getAddress());
  }

  private @Nullable Channel acceptRtcp(ByteBuf packet, long now) {
    if (!policer.admits(now)) {
      return drop(Count.EXCESS);
    }
    tally.set(Count.LAST_PACKET_NANOS, now);
    tally.add(Count.RTCP_IN, 1);
    tally.add(Count.RTCP_OCTETS_IN, packet.readableBytes());
    RtcpCompound.walk(packet, reports);
    LegTraffic other = relay.traffic(leg.side().opposite());
    Channel through = relay.bridged() ? other.sendRtcp(packet, now) : null;
    return through == null ? drop(Count.HELD_BACK) : through;
  }

  private @Nullable Channel sendRtp(ByteBuf packet, long now) {
    follow(now);
    InetSocketAddress to = latch.destination();
    Channel through = leg.ports().rtp();
    if (to == null || !write(through, packet, to)) {
      return null;
    }
    tally.add(Count.RTP_OUT, 1);
    tally.add(Count.RTP_OCTETS_OUT, packet.readableBytes());
    return through;
  }

  private @Nullable Channel sendRtcp(ByteBuf packet, long now) {
    follow(now);
    RemoteParty party = followed.party;
    if (party == null) {
      return null;
    }
    InetSocketAddress to =
        party.rtcpMux() ? latch.destination() : rtcpSource != null ? rtcpSource : party.rtcp();
    Channel through = party.rtcpMux() ? leg.ports().rtp() : leg.ports().rtcp();
    if (to == null || !RemoteParty.sendable(to) || !write(through, packet, to)) {
      return null;
    }
    tally.add(Count.RTCP_OUT, 1);
    tally.add(Count.RTCP_OCTETS_OUT, packet.readableBytes());
    return through;
  }

  private boolean write(Channel through, ByteBuf packet, InetSocketAddress to) {
    if (!through.isWritable()) {
      tally.add(Count.CONGESTED, 1);
      return false;
    }
    leg.ports().write(through, new DatagramPacket(packet.retain(), to));
    return true;
  }

  /** The system refused to read or send one datagram. */
  void onWireError() {
    tally.add(Count.CONGESTED, 1);
  }

  private @Nullable Channel drop(Count reason) {
    tally.add(reason, 1);
    return null;
  }

  private static boolean cutOff(ByteBuf packet) {
    return packet.readableBytes() >= Wire.MAX_DATAGRAM_OCTETS;
  }

  private boolean learningOpen(long now) {
    return now - followed.sinceNanos < patience.learning()
        || now - relay.bridgedAtNanos() < patience.learning();
  }

  private void latchedNow() {
    tally.add(Count.LATCHES, 1);
    leg.latched(latch.source());
    rtcpSource = null;
  }

  /** Catches up with what the edge wants. */
  private void follow(long now) {
    RelayLeg.Wish wanted = leg.wish();
    if (wanted == followed) {
      return;
    }
    if (wanted.partiesLeft != followed.partiesLeft) {
      latch.vacate();
      leg.latched(null);
      rtcpSource = null;
    }
    followed = wanted;
    RemoteParty party = wanted.party;
    if (party == null) {
      return;
    }
    latch.expect(party, now);
    if (!party.rtcp().equals(rtcpSource)) {
      rtcpSource = null;
    }
    if (party.clockRateHz() != clockRateHz) {
      clockRateHz = party.clockRateHz();
      reception = reception.onwards(clockRateHz);
    }
  }

  /** Notes what the party reports of the stream we send it. */
  private final class Reports implements RtcpCompound.Listener {
    @Override
    public void reportBlock(
        int reporter,
        int source,
        int fractionLost,
        int lost,
        long highestSequence,
        long jitterTicks,
        int lastSenderReport,
        long delaySinceThen) {
      tally.set(Count.REPORTED_LOST, lost);
      tally.set(Count.REPORTED_JITTER_TICKS, jitterTicks);
    }
  }
}
