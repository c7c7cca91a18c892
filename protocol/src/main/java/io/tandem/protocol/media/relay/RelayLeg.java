package io.tandem.protocol.media.relay;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.socket.DatagramPacket;
import io.tandem.protocol.media.relay.Tally.Count;
import io.tandem.protocol.media.rtcp.RtcpCompound;
import io.tandem.protocol.media.rtp.Reception;
import io.tandem.protocol.media.rtp.RtpPacket;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One side of a relayed call: a port pair of ours, the party that is expected there, and what
 * passed.
 *
 * <p>The edge speaks to it from any thread by writing down what it wants (who is expected, which
 * way media flows); the event loop reads that with the next packet and alone touches the latch, the
 * reception state and the sockets. So a command is in force for every packet that arrives after it
 * returned, and no command waits.
 */
public final class RelayLeg {
  /** Which way media flows, seen from the party, as its SDP says (RFC 8866 §6.7). */
  public enum Flow {
    /** {@code sendrecv}. */
    SEND_RECEIVE(true, true),
    /** {@code sendonly}: the party is heard and hears nothing; it put the other on hold. */
    SEND_ONLY(true, false),
    /** {@code recvonly}. */
    RECEIVE_ONLY(false, true),
    /** {@code inactive}. */
    INACTIVE(false, false);

    private final boolean heard;
    private final boolean hears;

    Flow(boolean heard, boolean hears) {
      this.heard = heard;
      this.hears = hears;
    }
  }

  /** What the edge wants of this leg; each one is its own, so the loop compares by identity. */
  private static final class Wish {
    final @Nullable RemoteParty party;
    final long sinceNanos;

    /** How many parties had left before: the loop may see only the last of several wishes. */
    final int partiesLeft;

    Wish(@Nullable RemoteParty party, long sinceNanos, int partiesLeft) {
      this.party = party;
      this.sinceNanos = sinceNanos;
      this.partiesLeft = partiesLeft;
    }
  }

  private final Side side;
  private final Relay relay;
  private final PortPair ports;
  private final LongSupplier nanoClock;
  private final SourceLatch.Patience patience;
  private final Tally tally = new Tally();

  private volatile Wish wish;
  private volatile Flow flow = Flow.SEND_RECEIVE;
  private volatile boolean held;
  private volatile @Nullable InetSocketAddress latched;

  // From here on: the event loop's own.
  private Wish followed;
  private final SourceLatch latch;
  private Reception reception = new Reception(8000);
  private int clockRateHz = 8000;
  private @Nullable InetSocketAddress rtcpSource;
  private final Reports reports = new Reports();

  RelayLeg(
      Side side,
      Relay relay,
      PortPair ports,
      LongSupplier nanoClock,
      SourceLatch.Patience patience) {
    this.side = side;
    this.relay = relay;
    this.ports = ports;
    this.nanoClock = nanoClock;
    this.patience = patience;
    this.latch = new SourceLatch(patience);
    this.wish = new Wish(null, nanoClock.getAsLong(), 0);
    this.followed = wish;
    tally.set(Count.LAST_PACKET_NANOS, Relay.NEVER);
  }

  /** Which side of the call this is. */
  public Side side() {
    return side;
  }

  /** Our RTP port on this side, even; the one to put into the SDP sent to this party. */
  public int localPort() {
    return ports.rtpPort();
  }

  /** Our RTCP port on this side: the odd one above. */
  public int localRtcpPort() {
    return ports.rtpPort() + 1;
  }

  /**
   * The party's offer or answer has come: expect it there, and send there until it is heard. Also
   * for every re-INVITE; the same address again changes nothing, another one opens the latch for it
   * (see {@link SourceLatch}'s policy).
   */
  public synchronized void expect(RemoteParty party) {
    wish = new Wish(party, nanoClock.getAsLong(), wish.partiesLeft);
  }

  /** The party has gone and another will take this leg: forget its source; expect nobody. */
  public synchronized void vacate() {
    wish = new Wish(null, nanoClock.getAsLong(), wish.partiesLeft + 1);
  }

  /** Which way media flows by the party's last SDP; {@link Flow#SEND_RECEIVE} at first. */
  public void flow(Flow next) {
    flow = next;
  }

  /** See {@link Relay#hold}. */
  void hold(boolean on) {
    held = on;
  }

  /** The source that is latched now, empty before the first packet. */
  public Optional<InetSocketAddress> source() {
    return Optional.ofNullable(latched);
  }

  /**
   * Monotonic time of the party's last RTP or RTCP packet; {@link Relay#NEVER} before the first.
   */
  public long lastPacketNanos() {
    return tally.get(Count.LAST_PACKET_NANOS);
  }

  /** What passed so far; readable at any time, also after the relay was closed. */
  public LegStatistics statistics() {
    return LegStatistics.of(tally);
  }

  PortPair ports() {
    return ports;
  }

  /** On the loop: a datagram on the even port. Returns the channel to flush, null for none. */
  @Nullable Channel onRtpPort(DatagramPacket datagram) {
    ByteBuf packet = datagram.content();
    long now = nanoClock.getAsLong();
    follow(now);
    if (packet.readableBytes() >= Wire.MAX_DATAGRAM_OCTETS || !RtpPacket.isValid(packet)) {
      return onMuxedRtcp(datagram, now);
    }
    int ssrc = RtpPacket.ssrc(packet);
    int sequence = RtpPacket.sequence(packet);
    switch (latch.judge(datagram.sender(), ssrc, sequence, now, learningOpen(now))) {
      case EARLY -> {
        tally.add(Count.EARLY, 1);
        return null;
      }
      case STRANGER -> {
        tally.add(Count.STRANGERS, 1);
        return null;
      }
      case LATCHED -> latchedNow();
      case ACCEPTED -> {}
    }
    reception.packet(ssrc, sequence, RtpPacket.timestamp(packet), now);
    tally.set(Count.LOST, reception.lost());
    tally.set(Count.JITTER_MICROS, reception.jitterMicros());
    tally.set(Count.LAST_PACKET_NANOS, now);
    tally.add(Count.RTP_IN, 1);
    tally.add(Count.RTP_OCTETS_IN, packet.readableBytes());
    RelayLeg other = relay.leg(side.opposite());
    Channel through = relay.passes(this, other) ? other.sendRtp(packet, now) : null;
    if (through == null) {
      tally.add(Count.HELD_BACK, 1);
    }
    return through;
  }

  /** On the loop: a datagram on the odd port. Returns the channel to flush, null for none. */
  @Nullable Channel onRtcpPort(DatagramPacket datagram) {
    ByteBuf packet = datagram.content();
    long now = nanoClock.getAsLong();
    follow(now);
    if (packet.readableBytes() >= Wire.MAX_DATAGRAM_OCTETS || !RtcpCompound.isValid(packet)) {
      tally.add(Count.INVALID, 1);
      return null;
    }
    RemoteParty party = followed.party;
    if (party == null) {
      tally.add(Count.EARLY, 1);
      return null;
    }
    InetSocketAddress from = datagram.sender();
    if (!from.equals(rtcpSource)) {
      if (!mayReport(party, from)) {
        tally.add(Count.STRANGERS, 1);
        return null;
      }
      rtcpSource = from;
    }
    return acceptRtcp(packet, now);
  }

  /** RFC 5761: on the RTP port, what is not RTP may be RTCP of the same, already latched source. */
  private @Nullable Channel onMuxedRtcp(DatagramPacket datagram, long now) {
    ByteBuf packet = datagram.content();
    if (packet.readableBytes() >= Wire.MAX_DATAGRAM_OCTETS || !RtcpCompound.isValid(packet)) {
      tally.add(Count.INVALID, 1);
      return null;
    }
    if (followed.party == null) {
      tally.add(Count.EARLY, 1);
      return null;
    }
    if (!datagram.sender().equals(latch.source())) {
      tally.add(Count.STRANGERS, 1);
      return null;
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
    tally.set(Count.LAST_PACKET_NANOS, now);
    tally.add(Count.RTCP_IN, 1);
    tally.add(Count.RTCP_OCTETS_IN, packet.readableBytes());
    RtcpCompound.walk(packet, reports);
    RelayLeg other = relay.leg(side.opposite());
    Channel through = relay.bridged() ? other.sendRtcp(packet, now) : null;
    if (through == null) {
      tally.add(Count.HELD_BACK, 1);
    }
    return through;
  }

  private @Nullable Channel sendRtp(ByteBuf packet, long now) {
    follow(now);
    InetSocketAddress to = latch.destination();
    if (to == null) {
      return null;
    }
    if (!write(ports.rtp(), packet, to)) {
      return null;
    }
    tally.add(Count.RTP_OUT, 1);
    tally.add(Count.RTP_OCTETS_OUT, packet.readableBytes());
    return ports.rtp();
  }

  private @Nullable Channel sendRtcp(ByteBuf packet, long now) {
    follow(now);
    RemoteParty party = followed.party;
    if (party == null) {
      return null;
    }
    InetSocketAddress to =
        party.rtcpMux() ? latch.destination() : rtcpSource != null ? rtcpSource : party.rtcp();
    Channel through = party.rtcpMux() ? ports.rtp() : ports.rtcp();
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
    var unused = through.write(new DatagramPacket(packet.retain(), to), through.voidPromise());
    return true;
  }

  void onWireError() {
    tally.add(Count.CONGESTED, 1);
  }

  boolean heard() {
    return flow.heard && !held;
  }

  boolean hears() {
    return flow.hears && !held;
  }

  private boolean learningOpen(long now) {
    return now - followed.sinceNanos < patience.learning()
        || now - relay.bridgedAtNanos() < patience.learning();
  }

  private void latchedNow() {
    tally.add(Count.LATCHES, 1);
    latched = latch.source();
    rtcpSource = null;
  }

  /** Catches up with what the edge wants. */
  private void follow(long now) {
    Wish wanted = wish;
    if (wanted == followed) {
      return;
    }
    if (wanted.partiesLeft != followed.partiesLeft) {
      latch.vacate();
      latched = null;
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
