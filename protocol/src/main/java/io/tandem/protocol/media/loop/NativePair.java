package io.tandem.protocol.media.loop;

import io.netty.buffer.ByteBuf;
import io.tandem.protocol.media.socket.SocketOption;
import io.tandem.protocol.media.socket.SystemCalls;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A port pair on the system's own calls. While the RTP port's peer is settled, a second socket on
 * the same port is connected to it: the system gives it that peer's packets and finds its way out
 * without asking, while the first goes on hearing everybody else, so that strangers are counted, a
 * STUN check is answered and a moved party proves itself as on any other wire.
 */
final class NativePair implements PortPair {
  private static final Logger log = LoggerFactory.getLogger(NativePair.class);

  private final InetSocketAddress rtpAddress;
  private final NativeLoop loop;
  private final SocketBudget budget;
  private final LongAdder strays;
  private final NativeSocket rtp;
  private final NativeSocket rtcp;

  private volatile @Nullable PacketInlet seated;

  /** Who is seated or was; a pair's own changes are made while nobody else is in that call. */
  private volatile @Nullable PacketInlet last;

  /** The connected one; written by who is in the call. */
  private volatile @Nullable NativeSocket twin;

  /** Whom the twin is or will be connected to; by who is in the call. */
  private @Nullable InetSocketAddress wanted;

  /** Former twins that are not closed yet; by who is in the call. */
  private int parting;

  NativePair(
      InetAddress address, int rtpPort, NativeLoop loop, SocketBudget budget, LongAdder strays)
      throws IOException {
    this.budget = budget;
    this.rtpAddress = new InetSocketAddress(address, rtpPort);
    this.loop = loop;
    this.strays = strays;
    SystemCalls calls = new SystemCalls();
    InetSocketAddress rtcpAddress = new InetSocketAddress(address, rtpPort + 1);
    this.rtp = NativeSocket.bound(calls, this, rtpAddress, false, false);
    try {
      this.rtcp = NativeSocket.bound(calls, this, rtcpAddress, true, false);
    } catch (IOException busy) {
      calls.close(rtp.descriptor());
      throw busy;
    }
  }

  /** Bound and read by the loop. */
  static NativePair bind(
      InetAddress address, int rtpPort, NativeLoop loop, SocketBudget budget, LongAdder strays)
      throws IOException {
    NativePair pair = new NativePair(address, rtpPort, loop, budget, strays);
    loop.add(pair.rtp);
    loop.add(pair.rtcp);
    budget.pairBound();
    return pair;
  }

  @Override
  public int rtpPort() {
    return rtpAddress.getPort();
  }

  @Override
  public void seat(PacketInlet inlet) {
    last = inlet;
    place(inlet);
  }

  @Override
  public void unseat() {
    place(null);
    execute(
        () -> {
          // The next leg may sit already; then its own peer replaces this one when it settles.
          if (seated == null) {
            part();
          }
        });
  }

  /** Each socket knows for itself: a packet has not to ask the pair. */
  private void place(@Nullable PacketInlet inlet) {
    seated = inlet;
    rtp.seat(inlet);
    rtcp.seat(inlet);
    NativeSocket connected = twin;
    if (connected != null) {
      connected.seat(inlet);
    }
  }

  @Override
  public boolean send(boolean rtcpPort, ByteBuf datagram, InetSocketAddress to) {
    NativeSocket connected = twin;
    NativeSocket through =
        rtcpPort ? rtcp : connected != null && connected.reaches(to) ? connected : rtp;
    Hand hand = loop.hand();
    return through.send(hand, hand.addressOf(datagram), datagram.readableBytes(), to);
  }

  @Override
  public int anticipate(int step) {
    NativeSocket connected = twin;
    return connected == null || step == 0 ? 0 : connected.anticipate();
  }

  @Override
  public void aim(InetSocketAddress to) {
    boolean unused = rtcp.aim(to);
  }

  @Override
  public void settle(@Nullable InetSocketAddress source) {
    NativeSocket connected = twin;
    if (source != null && connected != null && connected.reaches(source)) {
      return;
    }
    wanted = source;
    part();
    if (source == null) {
      return;
    }
    if (parting == 0) {
      joinWhereItMay(source);
      return;
    }
    // Behind a former one, which has the port to itself until it is closed.
    execute(
        () -> {
          if (source.equals(wanted) && twin == null && seated != null) {
            joinWhereItMay(source);
          }
        });
  }

  /** Without one the port's own socket serves as well, at a price. */
  private void joinWhereItMay(InetSocketAddress source) {
    if (!budget.takeTwin()) {
      return;
    }
    try {
      join(source);
    } catch (IOException refused) {
      budget.giveTwinBack();
      log.debug("port {} stays unconnected: {}", rtpPort(), refused.getMessage());
    }
  }

  /** Both sockets may share the port for a moment only, so that nobody else joins them. */
  @SuppressWarnings("ReferenceEquality") // who sits there, not somebody like him
  private void join(InetSocketAddress source) throws IOException {
    SystemCalls calls = loop.hand().calls();
    rtp.set(calls, SocketOption.REUSE_PORT, 1);
    NativeSocket connected;
    try {
      connected = NativeSocket.bound(calls, this, rtpAddress, false, true);
    } finally {
      rtp.set(calls, SocketOption.REUSE_PORT, 0);
    }
    try {
      connected.set(calls, SocketOption.REUSE_PORT, 0);
      connected.connect(calls, source);
      connected.seat(seated);
      // What came in between the two calls may be anybody's: each packet's sender is looked at.
      loop.add(connected);
    } catch (IOException refused) {
      calls.close(connected.descriptor());
      throw refused;
    }
    twin = connected;
    // Who sat before may have risen before he could know of it.
    for (PacketInlet now = seated; connected.inlet() != now; now = seated) {
      connected.seat(now);
    }
  }

  /** What the former peer's socket still holds is read first, once nobody reads a packet. */
  private void part() {
    NativeSocket connected = twin;
    twin = null;
    if (connected != null) {
      parting++;
      execute(
          () -> {
            connected.drain();
            loop.drop(connected);
            parting--;
            budget.giveTwinBack();
          });
    }
  }

  @Override
  public void execute(Runnable task) {
    loop.execute(() -> alone(task));
  }

  /** The loop's relief is in a call for the time of a packet. */
  private void alone(Runnable task) {
    PacketInlet call = last;
    if (call == null) {
      task.run();
      return;
    }
    while (!call.enter()) {
      Thread.yield();
    }
    try {
      task.run();
    } finally {
      call.leave();
    }
  }

  @Override
  public void close() {
    execute(
        () -> {
          part();
          loop.drop(rtp);
          loop.drop(rtcp);
          budget.pairClosed();
        });
  }

  NativeLoop loop() {
    return loop;
  }

  void stray() {
    strays.increment();
  }
}
