package io.tandem.protocol.media.relay;

import io.netty.buffer.ByteBuf;
import io.tandem.protocol.media.loop.PortPair;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * The media of one call: two legs on one event loop, and whether packets pass between them. Every
 * method can be called from any thread and none waits.
 *
 * <p>Order of a call: put {@code leg(B).localPort()} into the offer to the called party, {@code
 * expect} each party when its SDP is known, {@code bridge} when the call is connected (or for early
 * media), {@code hold} and {@code expect} for re-INVITEs, poll {@link #lastPacketNanos}, read
 * {@link #statistics}, {@code close}.
 */
public final class Relay implements AutoCloseable {
  /** The time of a packet that has not come yet. */
  public static final long NEVER = Long.MIN_VALUE;

  private static final VarHandle ENTERED;

  static {
    try {
      ENTERED = MethodHandles.lookup().findVarHandle(Relay.class, "entered", boolean.class);
    } catch (ReflectiveOperationException impossible) {
      throw new ExceptionInInitializerError(impossible);
    }
  }

  private final String callKey;
  private final RelayLeg a;
  private final RelayLeg b;
  private final LegTraffic trafficA;
  private final LegTraffic trafficB;
  private final LongSupplier nanoClock;
  private final Consumer<Relay> onClose;
  private final AtomicBoolean closed = new AtomicBoolean();

  /**
   * Whether a thread of the loop carries a packet of this call now. A field and not an object: what
   * a packet has to fetch from memory first is what it costs.
   */
  private volatile boolean entered;

  private volatile boolean bridged;
  private volatile long bridgedAtNanos;

  Relay(
      String callKey,
      PortPair portsA,
      PortPair portsB,
      LongSupplier nanoClock,
      SourceLatch.Patience patience,
      Consumer<Relay> onClose) {
    this.callKey = callKey;
    this.nanoClock = nanoClock;
    this.onClose = onClose;
    this.bridgedAtNanos = nanoClock.getAsLong();
    this.a = new RelayLeg(Side.A, portsA, nanoClock);
    this.b = new RelayLeg(Side.B, portsB, nanoClock);
    this.trafficA = new LegTraffic(a, b, this, nanoClock, patience);
    this.trafficB = trafficA.other();
    portsA.seat(trafficA);
    portsB.seat(trafficB);
  }

  /** The key the relay was allocated for. */
  public String callKey() {
    return callKey;
  }

  /** One side of the call. */
  public RelayLeg leg(Side side) {
    return side == Side.A ? a : b;
  }

  /** From now on packets pass between the legs, both ways. Again: nothing changes. */
  public void bridge() {
    if (!bridged) {
      bridgedAtNanos = nanoClock.getAsLong();
      bridged = true;
    }
  }

  /**
   * No packet passes any more; both legs stay latched and counted (a transfer, an announcement).
   */
  public void unbridge() {
    bridged = false;
  }

  /**
   * Puts one side on hold or takes it back: it neither hears the other nor is heard, whatever its
   * SDP says; its packets are still counted and prove its life (QT-6). RTCP passes on.
   */
  public void hold(Side side, boolean on) {
    leg(side).hold(on);
  }

  /**
   * Sends a party an RTP packet of our own making, from the leg's port to where it is latched,
   * sealed when the leg is. On the leg's loop only ({@link RelayLeg#execute}).
   *
   * @param packet with {@link io.tandem.protocol.media.loop.PacketInlet#ROOM_OCTETS} to spare; may
   *     be changed
   */
  public void speak(Side side, ByteBuf packet) {
    traffic(side).speak(packet);
  }

  /**
   * Proof of life: monotonic time of the last RTP or RTCP packet from the latched source of either
   * leg, {@link #NEVER} before the first. Two plain reads.
   */
  public long lastPacketNanos() {
    long ofA = a.lastPacketNanos();
    long ofB = b.lastPacketNanos();
    if (ofA == NEVER) {
      return ofB;
    }
    return ofB == NEVER || ofA - ofB > 0 ? ofA : ofB;
  }

  /**
   * Who is heard now. The clocks run from the bridge, or from what came later.
   *
   * @param nowNanos of the anchor's clock
   */
  public Hearing hearing(long nowNanos) {
    return new Hearing(hearing(a, nowNanos), hearing(b, nowNanos));
  }

  private Hearing.OfSide hearing(RelayLeg leg, long now) {
    LegStatistics passed = leg.statistics();
    return new Hearing.OfSide(
        since(passed.lastPacketNanos(), now),
        passed.speechLevel() < 0
            ? Optional.empty()
            : Optional.of(since(passed.lastSpeechNanos(), now)),
        Math.max(0, passed.speechLevel()));
  }

  private Duration since(long nanos, long now) {
    long from = nanos == NEVER || nanos - bridgedAtNanos < 0 ? bridgedAtNanos : nanos;
    return Duration.ofNanos(Math.max(0, now - from));
  }

  /** What passed so far on both sides; also after {@link #close}. */
  public Statistics statistics() {
    return new Statistics(a.statistics(), b.statistics());
  }

  /**
   * @param a the caller's leg
   * @param b the called party's leg
   */
  public record Statistics(LegStatistics a, LegStatistics b) {
    /** The statistics of one side. */
    public LegStatistics of(Side side) {
      return side == Side.A ? a : b;
    }
  }

  /**
   * The call is over: nothing is forwarded any more, and the ports rest before the next call gets
   * them. Again: nothing.
   */
  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      bridged = false;
      a.ports().unseat();
      b.ports().unseat();
      onClose.accept(this);
    }
  }

  boolean enter() {
    return ENTERED.compareAndSet(this, false, true);
  }

  void leave() {
    ENTERED.setRelease(this, false);
  }

  boolean isEntered() {
    return entered;
  }

  boolean bridged() {
    return bridged;
  }

  long bridgedAtNanos() {
    return bridgedAtNanos;
  }

  LegTraffic traffic(Side side) {
    return side == Side.A ? trafficA : trafficB;
  }
}
