package io.tandem.protocol.media.secure;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.tandem.protocol.media.ice.IceLite;
import io.tandem.protocol.media.relay.PacketTransform;
import io.tandem.protocol.media.relay.RelayLeg;
import io.tandem.protocol.media.relay.RemoteParty;
import io.tandem.protocol.media.srtp.SrtpKeys;
import io.tandem.protocol.media.srtp.SrtpOpener;
import io.tandem.protocol.media.srtp.SrtpRefusal;
import io.tandem.protocol.media.srtp.SrtpSealer;
import java.net.InetSocketAddress;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Stands between one leg and its wire: opens what comes, seals what goes, answers connectivity
 * checks, and hands DTLS to its handshake. Packets are the media loop's; keys and paths are given
 * from the edge's loop or a handshake's thread and hold from the next packet on.
 */
public final class LegGuard implements PacketTransform, AutoCloseable {
  private static final int STUN_LAST = 3;
  private static final int DTLS_FIRST = 20;
  private static final int DTLS_LAST = 63;

  /** Sealing and opening under one agreement. */
  private static final class Session {
    final SrtpSealer sealer;
    final SrtpOpener opener;

    /** Keys until a moment ago: what was sealed with them is under way. Media loop only. */
    @Nullable SrtpOpener former;

    Session(SrtpSealer sealer, SrtpOpener opener, @Nullable SrtpOpener former) {
      this.sealer = sealer;
      this.opener = opener;
      this.former = former;
    }
  }

  private final RelayLeg leg;
  private final LongSupplier nanoClock;
  private final AtomicLongArray counts = new AtomicLongArray(GuardCount.values().length);
  private volatile @Nullable Session session;
  private volatile @Nullable IceLite ice;
  private volatile int clockRateHz = 8000;
  private volatile @Nullable InetSocketAddress selected;
  private volatile @Nullable Handshakes handshakes;

  /**
   * A guard without keys: nothing passes until it has some.
   *
   * @param nanoClock the relay's
   */
  public LegGuard(RelayLeg leg, LongSupplier nanoClock) {
    this.leg = leg;
    this.nanoClock = nanoClock;
  }

  /**
   * New keys; those that did not change keep their history, for an index is never used twice.
   *
   * @param lifetimePackets of the receiving keys
   */
  public synchronized void keys(SrtpKeys sending, SrtpKeys receiving, long lifetimePackets) {
    Session now = session;
    SrtpSealer sealer =
        now != null && now.sealer.keys().equals(sending)
            ? now.sealer
            : new SrtpSealer(sending, SrtpOpener.UNLIMITED);
    boolean sameOpener = now != null && now.opener.keys().equals(receiving);
    SrtpOpener opener =
        now != null && sameOpener ? now.opener : new SrtpOpener(receiving, lifetimePackets);
    session = new Session(sealer, opener, now == null || sameOpener ? null : now.opener);
  }

  /** What it works with now is no longer agreed; nothing passes until there are keys again. */
  synchronized void forgetKeys() {
    session = null;
  }

  /** Whether there are keys. */
  public boolean isKeyed() {
    return session != null;
  }

  /** How often. */
  public long count(GuardCount what) {
    return counts.get(what.ordinal());
  }

  /** The codec that was agreed runs by that clock; the path that ICE found is measured by it. */
  synchronized void clockRate(int hertz) {
    clockRateHz = hertz;
    InetSocketAddress chosen = selected;
    if (chosen != null) {
      expect(chosen);
    }
  }

  /**
   * From now on the path is what ICE finds; null for a leg without ICE.
   *
   * @param rtpClockHz for the leg's statistics, until the codec is agreed
   */
  synchronized void path(@Nullable IceLite agent, int rtpClockHz) {
    clockRateHz = rtpClockHz;
    ice = agent;
    selected = null;
  }

  void handshakes(@Nullable Handshakes next) {
    Handshakes former = handshakes;
    handshakes = next;
    if (former != null && !former.equals(next)) {
      former.close();
    }
  }

  void add(GuardCount what) {
    counts.incrementAndGet(what.ordinal());
  }

  @Override
  public boolean unprotectRtp(ByteBuf packet) {
    Session now = session;
    if (now == null) {
      add(GuardCount.NOT_KEYED);
      return false;
    }
    int opened = now.opener.rtp(packet);
    SrtpOpener former = now.former;
    if (former != null) {
      if (opened >= 0) {
        now.former = null; // the peer has changed over
      } else if (opened == SrtpRefusal.NOT_AUTHENTIC.code()) {
        opened = former.rtp(packet);
      }
    }
    return passed(opened);
  }

  @Override
  public boolean unprotectRtcp(ByteBuf packet) {
    Session now = session;
    if (now == null) {
      add(GuardCount.NOT_KEYED);
      return false;
    }
    int opened = now.opener.rtcp(packet);
    SrtpOpener former = now.former;
    if (former != null && opened == SrtpRefusal.NOT_AUTHENTIC.code()) {
      opened = former.rtcp(packet);
    }
    return passed(opened);
  }

  @Override
  public boolean protectRtp(ByteBuf packet) {
    Session now = sending();
    return now != null && passed(now.sealer.rtp(packet));
  }

  @Override
  public boolean protectRtcp(ByteBuf packet) {
    Session now = sending();
    return now != null && passed(now.sealer.rtcp(packet));
  }

  private @Nullable Session sending() {
    Session now = session;
    IceLite agent = ice;
    if (now == null) {
      add(GuardCount.NOT_KEYED);
    } else if (agent != null && !agent.isConsented(nanoClock.getAsLong())) {
      add(GuardCount.NO_CONSENT);
      return null;
    }
    return now;
  }

  private boolean passed(int code) {
    if (code >= 0) {
      return true;
    }
    add(
        switch (SrtpRefusal.of(code)) {
          case NOT_AUTHENTIC -> GuardCount.NOT_AUTHENTIC;
          case REPLAYED, TOO_OLD -> GuardCount.REPLAYED;
          default -> GuardCount.REFUSED;
        });
    return false;
  }

  /** RFC 7983 7: told apart by the first octet. */
  @Override
  public boolean control(
      ByteBuf datagram, InetSocketAddress from, boolean conceivable, long nowNanos) {
    if (datagram.isReadable()) {
      int first = datagram.getUnsignedByte(datagram.readerIndex());
      IceLite agent = ice;
      Handshakes dtls = handshakes;
      if (first <= STUN_LAST && agent != null) {
        return check(agent, ByteBufUtil.getBytes(datagram), from, nowNanos);
      }
      if (first >= DTLS_FIRST && first <= DTLS_LAST && dtls != null) {
        if (agent == null ? !conceivable : !agent.isProven(from, nowNanos)) {
          add(GuardCount.UNPROVEN_DTLS);
        } else {
          dtls.take(ByteBufUtil.getBytes(datagram), from, agent != null, nowNanos);
        }
        return true;
      }
    }
    add(GuardCount.GARBAGE);
    return false;
  }

  private boolean check(IceLite agent, byte[] datagram, InetSocketAddress from, long nowNanos) {
    switch (agent.on(datagram, from, nowNanos)) {
      case IceLite.Reaction.Answer(byte[] answer) -> {
        add(GuardCount.CHECKS);
        leg.transmit(answer, from);
      }
      case IceLite.Reaction.Silence silence -> {}
      case IceLite.Reaction.Garbage garbage -> {
        add(GuardCount.GARBAGE);
        return false;
      }
    }
    agent.selected(nowNanos).filter(chosen -> !chosen.equals(selected)).ifPresent(this::select);
    return true;
  }

  /** The peer chose a path: its media is expected from there, and ours goes there. */
  private void select(InetSocketAddress chosen) {
    synchronized (this) {
      selected = chosen;
      expect(chosen);
    }
    Handshakes dtls = handshakes;
    if (dtls != null) {
      dtls.reached(chosen);
    }
  }

  private void expect(InetSocketAddress chosen) {
    leg.expect(RemoteParty.trunk(chosen).withRtcpMux().withClockRate(clockRateHz).asProven());
  }

  @Override
  public void close() {
    handshakes(null);
  }
}
