package io.tandem.protocol.media.loop;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;

import io.netty.buffer.ByteBuf;
import io.tandem.protocol.media.socket.Errno;
import io.tandem.protocol.media.socket.SocketAddresses;
import io.tandem.protocol.media.socket.SocketOption;
import io.tandem.protocol.media.socket.SystemCalls;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * One UDP socket of a {@link NativePair}, either of a port's own, or connected to a peer. It knows
 * the last address it heard and the last it sent to, so that neither costs anything while they stay
 * the same.
 */
final class NativeSocket {
  private static final int ADDRESS_ROOM = 32;
  private static final int DRAINED_MAX = 64;

  /** More than a socket's queue has room for. */
  private static final int DOUBTED_PACKETS = 512;

  private final int descriptor;
  private final NativePair pair;
  private final boolean rtcpPort;
  private final boolean six;

  private final MemorySegment heardOctets = Arena.ofAuto().allocate(2 * ADDRESS_ROOM, 8);
  private @Nullable InetSocketAddress heard;
  private @Nullable InetSocketAddress sentTo;
  private int sentToOctets;
  private boolean dropped;

  /** Packets whose sender is to be looked at though it is connected; -1 where it is not. */
  private int doubted = -1;

  /** Who is seated on its port: here too, so that a packet does not ask the pair. */
  private volatile @Nullable PacketInlet inlet;

  private NativeSocket(int descriptor, NativePair pair, boolean rtcpPort, boolean six) {
    this.descriptor = descriptor;
    this.pair = pair;
    this.rtcpPort = rtcpPort;
    this.six = six;
  }

  /**
   * A bound socket that no loop knows yet.
   *
   * @param shared whether another socket of ours holds the port; it must have the option too
   * @throws IOException when the port is busy or the address is not ours
   */
  static NativeSocket bound(
      SystemCalls calls, NativePair pair, InetSocketAddress local, boolean rtcpPort, boolean shared)
      throws IOException {
    boolean six = local.getAddress() instanceof Inet6Address;
    int descriptor = checked(calls.udpSocket(six), "socket");
    NativeSocket socket = new NativeSocket(descriptor, pair, rtcpPort, six);
    try {
      socket.set(
          calls, six ? SocketOption.TRAFFIC_CLASS : SocketOption.TOS, NettyWire.TOS_EXPEDITED);
      if (six) {
        socket.set(calls, SocketOption.ONLY_SIX, 1);
      }
      if (shared) {
        socket.set(calls, SocketOption.REUSE_PORT, 1);
      }
      int octets = SocketAddresses.write(socket.heardOctets, 0, local);
      checked(calls.bind(descriptor, socket.heardOctets.address(), octets), "bind " + local);
      return socket;
    } catch (IOException refused) {
      calls.close(descriptor);
      throw refused;
    }
  }

  static int checked(int answer, String what) throws IOException {
    if (answer < 0) {
      throw new IOException(what + ": " + Errno.text(answer));
    }
    return answer;
  }

  void set(SystemCalls calls, SocketOption option, int value) throws IOException {
    heardOctets.set(JAVA_INT_UNALIGNED, 0, value);
    checked(calls.option(descriptor, option, heardOctets.address()), "setsockopt " + option);
    heard = null; // its octets were just overwritten
  }

  void connect(SystemCalls calls, InetSocketAddress peer) throws IOException {
    int octets = SocketAddresses.write(heardOctets, ADDRESS_ROOM, peer);
    checked(calls.connect(descriptor, heardOctets.address() + ADDRESS_ROOM, octets), "connect");
    sentTo = peer;
    sentToOctets = 0;
    MemorySegment.copy(heardOctets, ADDRESS_ROOM, heardOctets, 0, SocketAddresses.MAX_OCTETS);
    heard = peer;
    doubted = DOUBTED_PACKETS; // came before it was connected, maybe
  }

  int descriptor() {
    return descriptor;
  }

  // --- on the loop

  /** As {@link PacketInlet#anticipate}, of a packet that is sent through it. */
  int anticipate() {
    return descriptor + sentToOctets;
  }

  /** Whether the system gives it nobody else's packets than those of its peer. */
  boolean isSureOfSender() {
    return doubted == 0;
  }

  /** Whether it is connected to that peer. */
  boolean reaches(InetSocketAddress to) {
    return sentToOctets == 0 && isSentTo(to);
  }

  @SuppressWarnings("ReferenceEquality") // the same object again, as a rule
  private boolean isSentTo(InetSocketAddress to) {
    return to == sentTo || to.equals(sentTo);
  }

  /** Who is seated on its port. */
  @Nullable PacketInlet inlet() {
    return inlet;
  }

  /** Somebody takes a seat on its port, or nobody. */
  void seat(@Nullable PacketInlet next) {
    inlet = next;
  }

  /** Its descriptor is about to be closed. */
  void dropped() {
    dropped = true;
  }

  /** Whether its descriptor may be somebody else's by now. */
  boolean isDropped() {
    return dropped;
  }

  /** Reads all that waits, within reason; not while a packet is being handled. */
  void drain() {
    for (int i = 0; i < DRAINED_MAX && pair.loop().hand().read(this); i++) {
      // read
    }
  }

  /**
   * A datagram has come, or has not.
   *
   * @param from who sent it, as {@link SocketAddresses} has it; not looked at when {@link
   *     #isSureOfSender}
   * @param octets or {@code -errno}
   * @return whether it has come
   */
  boolean arrived(ByteBuf packet, MemorySegment from, int octets) {
    if (octets < 0) {
      // Nothing there, or an ICMP about something sent: UDP promises nothing, the call goes on.
      if (octets != -Errno.EAGAIN && octets != -Errno.ECONNREFUSED) {
        broken();
      }
      return false;
    }
    PacketInlet here = inlet;
    if (here == null) {
      pair.stray();
    } else if (rtcpPort) {
      here.onRtcpPort(packet, sender(from));
    } else {
      here.onRtpPort(packet, sender(from));
    }
    return true;
  }

  private InetSocketAddress sender(MemorySegment from) {
    InetSocketAddress known = heard;
    if (doubted == 0 && known != null) {
      return known;
    }
    if (doubted > 0) {
      doubted--;
    }
    if (known != null && SocketAddresses.same(from, 0, heardOctets, 0, six)) {
      return known;
    }
    known = SocketAddresses.read(from, 0);
    heard = known;
    MemorySegment.copy(from, 0, heardOctets, 0, SocketAddresses.MAX_OCTETS);
    return known;
  }

  /** Sends; false when there is no room or the system refuses. */
  boolean send(Hand hand, long from, int octets, InetSocketAddress to) {
    if (!isSentTo(to) && !aim(to)) {
      return false;
    }
    long address = sentToOctets == 0 ? 0 : heardOctets.address() + ADDRESS_ROOM;
    long sent = hand.calls().send(descriptor, from, octets, address, sentToOctets);
    if (sent == -Errno.ECONNREFUSED) {
      // Said of an earlier datagram; this one has not been sent yet.
      sent = hand.calls().send(descriptor, from, octets, address, sentToOctets);
    }
    return sent >= 0 || sent == -Errno.ECONNREFUSED;
  }

  /** From now on it sends there; false when it is connected elsewhere, and nobody should ask. */
  boolean aim(InetSocketAddress to) {
    if (sentToOctets == 0 && sentTo != null) {
      return false;
    }
    sentToOctets = SocketAddresses.write(heardOctets, ADDRESS_ROOM, to);
    sentTo = to;
    return true;
  }

  void broken() {
    PacketInlet here = inlet;
    if (here == null) {
      pair.stray();
    } else {
      here.onWireError();
    }
  }
}
