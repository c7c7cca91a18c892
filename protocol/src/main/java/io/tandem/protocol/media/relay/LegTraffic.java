package io.tandem.protocol.media.relay;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.tandem.protocol.media.loop.PacketInlet;
import io.tandem.protocol.media.loop.PortPair;
import io.tandem.protocol.media.relay.Tally.Count;
import io.tandem.protocol.media.rtcp.Reporter;
import io.tandem.protocol.media.rtcp.RtcpCompound;
import io.tandem.protocol.media.rtcp.RtcpSplice;
import io.tandem.protocol.media.rtp.Reception;
import io.tandem.protocol.media.rtp.RtpPacket;
import io.tandem.protocol.media.rtp.SpeechEar;
import io.tandem.protocol.media.rtp.Splice;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The packets of one leg, on its event loop and nowhere else: check, latch, count, pass on. A
 * datagram comes in by {@link #onRtpPort} or {@link #onRtcpPort} of one leg and goes out by {@link
 * #sendRtp} or {@link #sendRtcp} of the other.
 */
final class LegTraffic implements PacketInlet {
  /** Ten times what a 20 ms voice stream sends, and one second of it at once. */
  private static final int MAX_PACKETS_PER_SECOND = 500;

  private static final int G711_CLOCK_RATE_HZ = 8000;

  /** A sender report with a block and a name, and its SRTCP tag. */
  private static final int REPORT_OCTETS = 128 + ROOM_OCTETS;

  /**
   * Where a loop writes its reports, one after the other. Of the same class as the loop's packets:
   * a second one among them would cost the compiled path of every packet a question.
   */
  private static final ThreadLocal<ByteBuf> REPORT_ROOM =
      ThreadLocal.withInitial(
          () -> Unpooled.wrappedBuffer(ByteBuffer.allocateDirect(REPORT_OCTETS)));

  private final RelayLeg leg;
  private final LegTraffic other;
  private final Relay relay;
  private final PortPair ports;
  private final LongSupplier nanoClock;
  private final SourceLatch.Patience patience;
  private final Tally tally;
  private final SourceLatch latch;
  private final Policer policer = new Policer(MAX_PACKETS_PER_SECOND, MAX_PACKETS_PER_SECOND);
  private final Reporter reporter;
  private final LegReports reports;
  private final SpeechEar ear = new SpeechEar();

  /** The stream that this leg's party hears. */
  private final Splice splice = new Splice(G711_CLOCK_RATE_HZ);

  private RelayLeg.Wish followed;
  private Reception reception = new Reception(G711_CLOCK_RATE_HZ);
  private int clockRateHz = G711_CLOCK_RATE_HZ;
  private @Nullable InetSocketAddress rtcpSource;
  private long payloadOctetsOut;
  private boolean speaking;

  // What belongs to others and every packet asks for: here it is near.
  private long quietUntilNanos;
  private int turn;

  /** Both legs of a call: this one, and {@link #other}. */
  LegTraffic(
      RelayLeg leg,
      RelayLeg facing,
      Relay relay,
      LongSupplier nanoClock,
      SourceLatch.Patience patience) {
    this(leg, null, facing, relay, nanoClock, patience);
  }

  private LegTraffic(
      RelayLeg leg,
      @Nullable LegTraffic first,
      RelayLeg facing,
      Relay relay,
      LongSupplier nanoClock,
      SourceLatch.Patience patience) {
    this.leg = leg;
    this.ports = leg.ports();
    this.relay = relay;
    this.nanoClock = nanoClock;
    this.patience = patience;
    this.tally = leg.tally();
    this.latch = new SourceLatch(patience);
    this.reporter = new Reporter(ThreadLocalRandom.current().nextInt(), nanoClock.getAsLong());
    this.reports = new LegReports(tally, reporter);
    this.followed = leg.wish();
    this.quietUntilNanos = reporter.quietUntilNanos();
    this.other =
        first != null ? first : new LegTraffic(facing, this, leg, relay, nanoClock, patience);
  }

  /** Of the other side. */
  LegTraffic other() {
    return other;
  }

  @Override
  public boolean enter() {
    return relay.enter();
  }

  @Override
  public void leave() {
    relay.leave();
  }

  @Override
  public int anticipate(int step) {
    return switch (step) {
      case 0 -> clockRateHz;
      case 1 -> inward() + other.clockRateHz;
      case 2 -> other.outward() + other.ports.anticipate(0);
      default -> other.ports.anticipate(1);
    };
  }

  private int inward() {
    int read = relay.isEntered() ? 1 : 0;
    read += leg.tap() == null ? 1 : 0;
    read += latch.source() == null ? 1 : 0;
    return read + policer.anticipate() + reception.ssrc() + (int) tally.get(Count.RTP_IN);
  }

  private int outward() {
    int read = leg.tap() == null ? 1 : 0;
    read += latch.source() == null ? 1 : 0;
    return read + splice.outSsrc() + (int) tally.get(Count.RTP_OUT);
  }

  @Override
  public void onRtpPort(ByteBuf packet, InetSocketAddress from) {
    long now = nanoClock.getAsLong();
    follow(now);
    PacketTransform transform = leg.transform();
    if (cutOff(packet)) {
      drop(Count.INVALID);
    } else if (transform != null && !isMedia(packet)) {
      if (!transform.control(packet, from, latch.couldBe(from, learningOpen(now)), now)) {
        drop(Count.INVALID);
      }
    } else if (transform == null ? RtpPacket.isValid(packet) : RtpPacket.headerFits(packet)) {
      onRtp(packet, from, transform, now);
    } else {
      onSharedPort(packet, from, transform, now);
    }
  }

  private void onRtp(
      ByteBuf packet, InetSocketAddress from, @Nullable PacketTransform transform, long now) {
    int ssrc = RtpPacket.ssrc(packet);
    if (transform != null) {
      if (!latch.isSource(from) && !latch.conceivable(from, ssrc, now, learningOpen(now))) {
        drop(followed.party == null ? Count.EARLY : Count.STRANGERS);
        return;
      }
      if (!transform.unprotectRtp(packet) || !RtpPacket.isValid(packet)) {
        drop(Count.REFUSED);
        return;
      }
    }
    int sequence = RtpPacket.sequence(packet);
    // What changes with a call's age stays out of the common path: the compiler would bet on it.
    if (!latch.goesOn(from, ssrc, sequence, now) && !isParty(from, ssrc, sequence, now)) {
      return;
    }
    if (!policer.admits(now)) {
      drop(Count.EXCESS);
      return;
    }
    reception.packet(ssrc, sequence, RtpPacket.timestamp(packet), now);
    tally.set(Count.LOST, reception.lost());
    tally.set(Count.JITTER_MICROS, reception.jitterMicros());
    tally.set(Count.LAST_PACKET_NANOS, now);
    tally.add(Count.RTP_IN, 1);
    tally.add(Count.RTP_OCTETS_IN, packet.readableBytes());
    listen(packet, now);
    report(now);
    VoiceTap tap = leg.tap();
    if (tap != null) {
      tap.onRtp(packet, now);
      return;
    }
    if (!relay.bridged() || !leg.heard() || !other.leg.hears()) {
      other.splice.cut();
      drop(Count.HELD_BACK);
    } else if (!other.sendRtp(packet, now)) {
      drop(Count.HELD_BACK);
    }
  }

  private boolean isParty(InetSocketAddress from, int ssrc, int sequence, long now) {
    switch (latch.judge(from, ssrc, sequence, now, learningOpen(now))) {
      case EARLY -> drop(Count.EARLY);
      case STRANGER -> drop(Count.STRANGERS);
      case LATCHED -> {
        latchedNow();
        return true;
      }
      case ACCEPTED -> {
        return true;
      }
    }
    return false;
  }

  private void listen(ByteBuf packet, long now) {
    if (turn++ % SpeechEar.EVERY_PACKETS == 0 && ear.hears(packet)) {
      tally.set(Count.SPEECH_LEVEL, ear.level());
      if (ear.speech()) {
        tally.set(Count.LAST_SPEECH_NANOS, now);
      }
    }
  }

  @Override
  public void onRtcpPort(ByteBuf packet, InetSocketAddress from) {
    long now = nanoClock.getAsLong();
    follow(now);
    PacketTransform transform = leg.transform();
    RemoteParty party = followed.party;
    if (cutOff(packet) || !mayBeRtcp(packet, transform)) {
      drop(Count.INVALID);
    } else if (party == null) {
      drop(Count.EARLY);
    } else if (!from.equals(rtcpSource) && !mayReport(party, from)) {
      drop(Count.STRANGERS);
    } else if (opened(packet, transform)) {
      rtcpSource = from;
      acceptRtcp(packet, now);
    }
  }

  /** RFC 5761: on the RTP port, what is not RTP may be RTCP of the same, already latched source. */
  private void onSharedPort(
      ByteBuf packet, InetSocketAddress from, @Nullable PacketTransform transform, long now) {
    if (!mayBeRtcp(packet, transform)) {
      drop(Count.INVALID);
    } else if (followed.party == null) {
      drop(Count.EARLY);
    } else if (!from.equals(latch.source())) {
      drop(Count.STRANGERS);
    } else if (opened(packet, transform)) {
      acceptRtcp(packet, now);
    }
  }

  /** RFC 7983 §7: RTP and RTCP begin with 128 to 191, what shares their port does not. */
  private static boolean isMedia(ByteBuf packet) {
    return packet.isReadable() && packet.getByte(packet.readerIndex()) >> 6 == -2;
  }

  /** What is encrypted shows its first header only. */
  private static boolean mayBeRtcp(ByteBuf packet, @Nullable PacketTransform transform) {
    return transform == null ? RtcpCompound.isValid(packet) : RtcpCompound.mayBeProtected(packet);
  }

  private boolean opened(ByteBuf packet, @Nullable PacketTransform transform) {
    if (transform == null || (transform.unprotectRtcp(packet) && RtcpCompound.isValid(packet))) {
      return true;
    }
    drop(Count.REFUSED);
    return false;
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

  private void acceptRtcp(ByteBuf packet, long now) {
    if (!policer.admits(now)) {
      drop(Count.EXCESS);
      return;
    }
    tally.set(Count.LAST_PACKET_NANOS, now);
    tally.add(Count.RTCP_IN, 1);
    tally.add(Count.RTCP_OCTETS_IN, packet.readableBytes());
    reports.heard(packet, now);
    report(now);
    if (leg.tap() != null || other.leg.tap() != null) {
      return; // it speaks of streams that end here
    }
    reports.mask(packet);
    RtcpSplice.apply(packet, other.splice, splice);
    if (!relay.bridged() || !other.sendRtcp(packet, now)) {
      drop(Count.HELD_BACK);
    } else {
      other.reporter.passed(now);
    }
  }

  /** Our own report to this party, when it is time for one and nobody else's reach it. */
  private void report(long now) {
    if (now - quietUntilNanos < 0) {
      return;
    }
    boolean streamsEndHere = leg.tap() != null || other.leg.tap() != null || !relay.bridged();
    boolean due = reporter.due(now, streamsEndHere);
    quietUntilNanos = reporter.quietUntilNanos();
    if (!due || followed.party == null) {
      return;
    }
    ByteBuf report = reportRoom();
    reporter.write(report, reception, splice, tally.get(Count.RTP_OUT), payloadOctetsOut, now);
    sendRtcp(report, now);
  }

  private static ByteBuf reportRoom() {
    ByteBuf room = REPORT_ROOM.get();
    if (room.refCnt() > 1) { // Netty has not sent the last one yet
      room.release();
      REPORT_ROOM.remove();
      room = REPORT_ROOM.get();
    }
    return room.clear();
  }

  /** A packet of our own making, on the loop: latched, sealed and counted like a relayed one. */
  void speak(ByteBuf packet) {
    long now = nanoClock.getAsLong();
    follow(now);
    speaking = true;
    splice.clockRate(clockRateHz); // its own codec, which may change, not the other side's
    if (!sendAsItIsKnown(packet, now)) {
      drop(Count.HELD_BACK);
    }
    report(now);
  }

  /** The other side's packet: this party may know its payload by another number. */
  private boolean sendRtp(ByteBuf packet, long now) {
    follow(now);
    if (speaking) {
      speaking = false;
      splice.clockRate(other.clockRateHz);
    }
    byte @Nullable [] payloadTypes = leg.payloadTypes();
    if (payloadTypes != null) {
      RtpPacket.payloadType(packet, payloadTypes[RtpPacket.payloadType(packet)]);
    }
    return sendAsItIsKnown(packet, now);
  }

  private boolean sendAsItIsKnown(ByteBuf packet, long now) {
    InetSocketAddress to = latch.destination(now);
    if (to == null || !splice.apply(packet, now)) {
      return false;
    }
    payloadOctetsOut += packet.readableBytes() - RtpPacket.FIXED_HEADER_OCTETS;
    PacketTransform transform = leg.transform();
    if (transform == null) {
      return write(false, packet, to, Count.RTP_OUT, Count.RTP_OCTETS_OUT);
    }
    ByteBuf sealed = withRoom(packet);
    try {
      if (transform.protectRtp(sealed)) {
        return write(false, sealed, to, Count.RTP_OUT, Count.RTP_OCTETS_OUT);
      }
    } finally {
      sealed.release();
    }
    drop(Count.REFUSED);
    return false;
  }

  private boolean sendRtcp(ByteBuf packet, long now) {
    follow(now);
    RemoteParty party = followed.party;
    if (party == null) {
      return false;
    }
    InetSocketAddress to =
        party.rtcpMux() ? latch.destination(now) : rtcpSource != null ? rtcpSource : party.rtcp();
    if (to == null || !(to.equals(rtcpSource) || latch.mayDescribe(to))) {
      return false;
    }
    reports.passing(packet, now);
    PacketTransform transform = leg.transform();
    if (transform == null) {
      return write(!party.rtcpMux(), packet, to, Count.RTCP_OUT, Count.RTCP_OCTETS_OUT);
    }
    ByteBuf sealed = withRoom(packet);
    try {
      if (transform.protectRtcp(sealed)) {
        return write(!party.rtcpMux(), sealed, to, Count.RTCP_OUT, Count.RTCP_OCTETS_OUT);
      }
    } finally {
      sealed.release();
    }
    drop(Count.REFUSED);
    return false;
  }

  /** The packet itself, or a copy where the loop's buffer ends with it; to be released. */
  private static ByteBuf withRoom(ByteBuf packet) {
    if (packet.maxWritableBytes() >= ROOM_OCTETS) {
      return packet.retain();
    }
    int octets = packet.readableBytes();
    return packet
        .alloc()
        .directBuffer(octets + ROOM_OCTETS)
        .writeBytes(packet, packet.readerIndex(), octets);
  }

  /** Counts before it sends, so that who has received a packet finds it counted. */
  private boolean write(
      boolean rtcpPort, ByteBuf packet, InetSocketAddress to, Count packets, Count octets) {
    int length = packet.readableBytes();
    tally.add(packets, 1);
    tally.add(octets, length);
    if (ports.send(rtcpPort, packet, to)) {
      return true;
    }
    tally.add(packets, -1);
    tally.add(octets, -length);
    tally.add(Count.CONGESTED, 1);
    return false;
  }

  @Override
  public void onWireError() {
    tally.add(Count.CONGESTED, 1);
  }

  private void drop(Count reason) {
    tally.add(reason, 1);
  }

  private static boolean cutOff(ByteBuf packet) {
    return packet.readableBytes() >= MAX_DATAGRAM_OCTETS;
  }

  private boolean learningOpen(long now) {
    return now - followed.sinceNanos < patience.learning()
        || now - relay.bridgedAtNanos() < patience.learning();
  }

  private void latchedNow() {
    tally.add(Count.LATCHES, 1);
    leg.latched(latch.source());
    ports.settle(latch.source());
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
      ports.settle(null);
      other.splice.cut();
      rtcpSource = null;
    }
    followed = wanted;
    latch.sendOnlyWhereLatched(wanted.onlyWhereLatched);
    RemoteParty party = wanted.party;
    if (party == null) {
      return;
    }
    latch.expect(party, now);
    if (!party.rtcpMux() && RemoteParty.sendable(party.rtcp())) {
      ports.aim(party.rtcp());
    }
    if (!party.rtcp().equals(rtcpSource)) {
      rtcpSource = null;
    }
    if (party.clockRateHz() != clockRateHz) {
      clockRateHz = party.clockRateHz();
      ear.clockRate(clockRateHz);
      reception = reception.onwards(clockRateHz);
      other.splice.clockRate(clockRateHz);
    }
  }
}
