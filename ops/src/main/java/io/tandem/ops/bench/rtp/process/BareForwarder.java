package io.tandem.ops.bench.rtp.process;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import io.tandem.protocol.media.relay.Side;
import io.tandem.protocol.media.socket.EpollLayout;
import io.tandem.protocol.media.socket.MessageBatch;
import io.tandem.protocol.media.socket.Precedence;
import io.tandem.protocol.media.socket.SocketAddresses;
import io.tandem.protocol.media.socket.SystemCalls;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteOrder;

/**
 * The floor of a relay: wait, receive, send, and not one look at the packet. {@code BareForwarder
 * connected|unconnected|shared CALLS FIRST_PHONE_PORT FIRST_PORT}: a socket a leg, connected or
 * not, or one socket for all, in batches, that tells the streams apart by their SSRC. Speaks like
 * {@link RelayHost}.
 */
public final class BareForwarder {
  private static final EpollLayout EPOLL = EpollLayout.of(System.getProperty("os.arch"));
  private static final int MAX_EVENTS = 512;
  private static final int MAX_OCTETS = 2048;
  private static final int ADDRESS_OCTETS = 32;
  private static final int SOCKADDR_IN_OCTETS = 16;
  private static final int SHARED_BATCH = 64;
  private static final int BUSY_PORTS_MAX = 200;
  private static final int SHARED_BUFFER_OCTETS = 4 << 20;
  private static final ValueLayout.OfInt SSRC =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

  private final SystemCalls calls = new SystemCalls();
  private final boolean connected;
  private final int[] descriptors;
  private final int[] ports;
  private final MemorySegment peers;
  private final int epoll;

  private BareForwarder(String kind, int callCount, PhoneSockets phones, int firstPort)
      throws IOException {
    this.connected = kind.equals("connected");
    boolean shared = kind.equals("shared");
    this.descriptors = new int[2 * callCount];
    this.ports = new int[2 * callCount];
    this.peers = Arena.ofAuto().allocate((long) descriptors.length * ADDRESS_OCTETS, 8);
    this.epoll = BenchSocket.checked(calls.epoll(), "epoll");
    MemorySegment event = Arena.ofAuto().allocate(16, 8);
    for (int i = 0; i < descriptors.length; i++) {
      InetSocketAddress phone = phones.phone(i % 2 == 0 ? Side.A : Side.B, i / 2);
      SocketAddresses.write(peers, (long) i * ADDRESS_OCTETS, phone);
      if (shared && i > 0) {
        continue;
      }
      int socket = boundFrom(i == 0 ? firstPort : ports[i - 1] + 1, i);
      descriptors[i] = socket;
      if (connected) {
        BenchSocket.connect(calls, socket, phone);
      } else if (shared) {
        BenchSocket.buffer(calls, socket, SHARED_BUFFER_OCTETS);
      }
      event.set(JAVA_INT_UNALIGNED, 0, SystemCalls.EPOLLIN);
      event.set(JAVA_LONG_UNALIGNED, EPOLL.dataOffset(), i);
      BenchSocket.checked(
          calls.epollControl(epoll, SystemCalls.EPOLL_ADD, socket, event.address()), "epoll_ctl");
    }
  }

  /** The next port that nobody else holds. */
  private int boundFrom(int port, int leg) throws IOException {
    for (int next = port; ; next++) {
      try {
        int socket =
            BenchSocket.bound(calls, new InetSocketAddress(InetAddress.getLoopbackAddress(), next));
        ports[leg] = next;
        return socket;
      } catch (IOException busy) {
        if (next - port > BUSY_PORTS_MAX) {
          throw busy;
        }
      }
    }
  }

  private void forward() {
    var unused = Precedence.REAL_TIME.take();
    MemorySegment events = Arena.ofAuto().allocate((long) MAX_EVENTS * EPOLL.octets(), 8);
    MemorySegment packet = Arena.ofAuto().allocate(MAX_OCTETS, 8);
    while (true) {
      int ready = calls.epollWait(epoll, events.address(), MAX_EVENTS, -1);
      for (int i = 0; i < ready; i++) {
        int leg =
            (int) events.get(JAVA_LONG_UNALIGNED, (long) i * EPOLL.octets() + EPOLL.dataOffset());
        long octets = calls.receive(descriptors[leg], packet.address(), MAX_OCTETS, 0, 0);
        int other = leg ^ 1;
        if (octets > 0) {
          calls.send(
              descriptors[other],
              packet.address(),
              octets,
              connected ? 0 : peers.address() + (long) other * ADDRESS_OCTETS,
              connected ? 0 : SOCKADDR_IN_OCTETS);
        }
      }
    }
  }

  /** All streams on one socket. */
  private void forwardShared() {
    var unused = Precedence.REAL_TIME.take();
    MessageBatch batch = new MessageBatch(SHARED_BATCH, MAX_OCTETS);
    int socket = descriptors[0];
    MemorySegment events = Arena.ofAuto().allocate(EPOLL.octets(), 8);
    while (true) {
      calls.epollWait(epoll, events.address(), 1, -1);
      batch.toReceive(false);
      int count = calls.receiveBatch(socket, batch.address(0), SHARED_BATCH);
      for (int i = 0; i < count; i++) {
        int stream = batch.buffers().get(SSRC, batch.offset(i) + 8) - RtpGenerator.SSRC_BASE;
        long peer = peers.address() + (long) (stream ^ 1) * ADDRESS_OCTETS;
        batch.toSend(i, batch.octets(i), peer, SOCKADDR_IN_OCTETS);
      }
      for (int at = 0; at < count; ) {
        at += Math.max(1, calls.sendBatch(socket, batch.address(at), count - at));
      }
    }
  }

  /** See the class. */
  public static void main(String[] arguments) throws IOException {
    int callCount = Integer.parseInt(arguments[1]);
    int firstPort = Integer.parseInt(arguments[3]);
    BareForwarder forwarder =
        new BareForwarder(
            arguments[0], callCount, new PhoneSockets(Integer.parseInt(arguments[2])), firstPort);
    boolean shared = arguments[0].equals("shared");
    Thread loop = new Thread(shared ? forwarder::forwardShared : forwarder::forward, "forwarder");
    loop.setDaemon(true);
    loop.start();
    StringBuilder ports = new StringBuilder();
    for (int call = 0; call < callCount; call++) {
      int portA = forwarder.ports[shared ? 0 : 2 * call];
      int portB = forwarder.ports[shared ? 0 : 2 * call + 1];
      ports.append(portA).append(' ').append(portB).append('\n');
    }
    Marks.serve(ports, new long[] {loop.threadId()});
  }
}
