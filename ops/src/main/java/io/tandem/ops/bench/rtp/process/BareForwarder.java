package io.tandem.ops.bench.rtp.process;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import com.sun.management.ThreadMXBean;
import io.tandem.protocol.media.relay.Side;
import io.tandem.protocol.media.socket.EpollLayout;
import io.tandem.protocol.media.socket.SocketAddresses;
import io.tandem.protocol.media.socket.SystemCalls;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;

/**
 * The floor of a relay with a socket a leg: wait, receive, send, and not one look at the packet.
 * {@code BareForwarder connected|unconnected CALLS FIRST_PHONE_PORT FIRST_PORT}; speaks like {@link
 * RelayHost}, and does not count its packets.
 */
public final class BareForwarder {
  private static final EpollLayout EPOLL = EpollLayout.of(System.getProperty("os.arch"));
  private static final int MAX_EVENTS = 512;
  private static final int MAX_OCTETS = 2048;
  private static final int ADDRESS_OCTETS = 32;

  private final SystemCalls calls = new SystemCalls();
  private final boolean connected;
  private final int[] descriptors;
  private final MemorySegment peers;
  private final int epoll;

  private BareForwarder(boolean connected, int callCount, PhoneSockets phones, int firstPort)
      throws IOException {
    this.connected = connected;
    this.descriptors = new int[2 * callCount];
    this.peers = Arena.ofAuto().allocate((long) descriptors.length * ADDRESS_OCTETS, 8);
    this.epoll = BenchSocket.checked(calls.epoll(), "epoll");
    MemorySegment event = Arena.ofAuto().allocate(16, 8);
    for (int i = 0; i < descriptors.length; i++) {
      InetAddress loopback = InetAddress.getLoopbackAddress();
      int socket = BenchSocket.bound(calls, new InetSocketAddress(loopback, firstPort + i));
      descriptors[i] = socket;
      InetSocketAddress phone = phones.phone(i % 2 == 0 ? Side.A : Side.B, i / 2);
      if (connected) {
        BenchSocket.connect(calls, socket, phone);
      }
      SocketAddresses.write(peers, (long) i * ADDRESS_OCTETS, phone);
      event.set(JAVA_INT_UNALIGNED, 0, SystemCalls.EPOLLIN);
      event.set(JAVA_LONG_UNALIGNED, EPOLL.dataOffset(), i);
      BenchSocket.checked(
          calls.epollControl(epoll, SystemCalls.EPOLL_ADD, socket, event.address()), "epoll_ctl");
    }
  }

  private void forward() {
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
              connected ? 0 : 16);
        }
      }
    }
  }

  /** See the class. */
  public static void main(String[] arguments) throws IOException {
    int callCount = Integer.parseInt(arguments[1]);
    int firstPort = Integer.parseInt(arguments[3]);
    BareForwarder forwarder =
        new BareForwarder(
            arguments[0].equals("connected"),
            callCount,
            new PhoneSockets(Integer.parseInt(arguments[2])),
            firstPort);
    Thread loop = new Thread(forwarder::forward, "forwarder");
    loop.setDaemon(true);
    loop.start();
    StringBuilder ports = new StringBuilder();
    for (int call = 0; call < callCount; call++) {
      ports.append(firstPort + 2 * call).append(' ').append(firstPort + 2 * call + 1).append('\n');
    }
    System.out.println(ports.append("ready"));
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
    while (in.readLine() != null) {
      System.out.println(
          threads.getThreadCpuTime(loop.threadId())
              + " "
              + threads.getThreadAllocatedBytes(loop.threadId())
              + " 0");
    }
  }
}
