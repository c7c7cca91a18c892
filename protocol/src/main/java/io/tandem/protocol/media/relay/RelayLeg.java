package io.tandem.protocol.media.relay;

import io.netty.buffer.Unpooled;
import io.tandem.protocol.media.loop.PortPair;
import io.tandem.protocol.media.relay.Tally.Count;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One side of a relayed call: a port pair of ours, the party that is expected there, and what
 * passed.
 *
 * <p>The edge speaks to it from any thread by writing down what it wants (who is expected, which
 * way media flows); {@link LegTraffic} reads that with the next packet. So a command is in force
 * for every packet that arrives after it returned, and no command waits.
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
  static final class Wish {
    final @Nullable RemoteParty party;
    final long sinceNanos;

    /** How many parties had left before: the loop may see only the last of several wishes. */
    final int partiesLeft;

    final boolean onlyWhereLatched;

    private Wish(
        @Nullable RemoteParty party, long sinceNanos, int partiesLeft, boolean onlyWhereLatched) {
      this.party = party;
      this.sinceNanos = sinceNanos;
      this.partiesLeft = partiesLeft;
      this.onlyWhereLatched = onlyWhereLatched;
    }
  }

  private static final int PAYLOAD_TYPES = 128;

  private final Side side;
  private final PortPair ports;
  private final LongSupplier nanoClock;
  private final Tally tally = new Tally();

  private volatile Wish wish;
  private volatile Flow flow = Flow.SEND_RECEIVE;
  private volatile boolean held;
  private volatile @Nullable InetSocketAddress source;
  private volatile @Nullable PacketTransform transform;
  private volatile byte @Nullable [] payloadTypes;
  private volatile @Nullable VoiceTap tap;

  RelayLeg(Side side, PortPair ports, LongSupplier nanoClock) {
    this.side = side;
    this.ports = ports;
    this.nanoClock = nanoClock;
    this.wish = new Wish(null, nanoClock.getAsLong(), 0, false);
    tally.set(Count.LAST_PACKET_NANOS, Relay.NEVER);
    tally.set(Count.LAST_SPEECH_NANOS, Relay.NEVER);
    tally.set(Count.SPEECH_LEVEL, -1);
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
    wish = new Wish(party, nanoClock.getAsLong(), wish.partiesLeft, wish.onlyWhereLatched);
  }

  /** The party has gone and another will take this leg: forget its source; expect nobody. */
  public synchronized void vacate() {
    wish = new Wish(null, nanoClock.getAsLong(), wish.partiesLeft + 1, wish.onlyWhereLatched);
  }

  /**
   * Whether this party is sent anything, RTP or RTCP, only where packets of its own have come from,
   * or where ICE has found it: a description alone may name a victim's address. False at first.
   * What cannot be sent is {@link LegStatistics#heldBack}. The next party of this leg is held to it
   * too.
   */
  public synchronized void sendOnlyWhereLatched(boolean on) {
    wish = new Wish(wish.party, wish.sinceNanos, wish.partiesLeft, on);
  }

  /** Which way media flows by the party's last SDP; {@link Flow#SEND_RECEIVE} at first. */
  public void flow(Flow next) {
    flow = next;
  }

  /**
   * What stands between this leg and its wire from the next packet on; null for plain RTP. New keys
   * are a new transform.
   */
  public void secure(@Nullable PacketTransform next) {
    transform = next;
  }

  /** Whether something stands between this leg and its wire now. */
  public boolean isSecured() {
    return transform != null;
  }

  /**
   * This party knows some payloads by other numbers than the other side does: every packet it is
   * sent gets its numbers. Empty again: the numbers are the same.
   *
   * @param itsNumbers by the other side's number, both 0–127
   */
  public void payloadTypes(Map<Integer, Integer> itsNumbers) {
    if (itsNumbers.isEmpty()) {
      payloadTypes = null;
      return;
    }
    byte[] table = new byte[PAYLOAD_TYPES];
    for (int i = 0; i < PAYLOAD_TYPES; i++) {
      table[i] = (byte) i;
    }
    itsNumbers.forEach(
        (theirs, its) -> {
          Objects.checkIndex(its, PAYLOAD_TYPES);
          table[Objects.checkIndex(theirs, PAYLOAD_TYPES)] = its.byteValue();
        });
    payloadTypes = table;
  }

  /**
   * Sends a datagram as it is from this leg's RTP port: an answer to a STUN check, a DTLS record.
   * Any thread; lost when the relay is closed, as a datagram may be.
   */
  public void transmit(byte[] datagram, InetSocketAddress to) {
    ports.execute(
        () -> {
          if (!ports.send(false, Unpooled.wrappedBuffer(datagram), to)) {
            tally.add(Count.CONGESTED, 1);
          }
        });
  }

  /**
   * From now on the party's RTP goes there, latched, decrypted and counted as before, and not to
   * the other side: the leg is taken to the voice path. Null brings it back to relaying. RTCP ends
   * here too, and both parties get reports from us.
   */
  public void divert(@Nullable VoiceTap to) {
    tap = to;
  }

  /** Runs something on the leg's loop, soon; {@link Relay#speak} wants that. */
  public void execute(Runnable task) {
    ports.execute(task);
  }

  /** The source that is latched now, empty before the first packet. */
  public Optional<InetSocketAddress> source() {
    return Optional.ofNullable(source);
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

  /** See {@link Relay#hold}. */
  void hold(boolean on) {
    held = on;
  }

  /** Whether the other side may hear this party now. */
  boolean heard() {
    return flow.heard && !held;
  }

  /** Whether this party may hear the other side now. */
  boolean hears() {
    return flow.hears && !held;
  }

  byte @Nullable [] payloadTypes() {
    return payloadTypes;
  }

  @Nullable VoiceTap tap() {
    return tap;
  }

  @Nullable PacketTransform transform() {
    return transform;
  }

  Wish wish() {
    return wish;
  }

  PortPair ports() {
    return ports;
  }

  Tally tally() {
    return tally;
  }

  /** The loop tells what it has latched, null for nothing any more. */
  void latched(@Nullable InetSocketAddress from) {
    source = from;
  }
}
