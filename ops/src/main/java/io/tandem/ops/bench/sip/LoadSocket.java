package io.tandem.ops.bench.sip;

import io.tandem.protocol.media.socket.Errno;
import io.tandem.protocol.media.socket.MessageBatch;
import io.tandem.protocol.media.socket.SocketAddresses;
import io.tandem.protocol.media.socket.SocketOption;
import io.tandem.protocol.media.socket.SystemCalls;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetSocketAddress;

/**
 * One UDP socket of the load on loopback, read and written many datagrams at a time: the load has
 * to offer more than the server can take, and may not be what is slow.
 */
final class LoadSocket implements AutoCloseable {
  private static final int BATCH = 64;
  private static final int OCTETS_MAX = 2_048;
  private static final int BUFFER_OCTETS = 8 << 20;
  private static final int ADDRESS_ROOM = 32;

  private final SystemCalls calls = new SystemCalls();
  private final MessageBatch in = new MessageBatch(BATCH, OCTETS_MAX);
  private final MessageBatch out = new MessageBatch(BATCH, OCTETS_MAX);
  private final MemorySegment peer = Arena.ofAuto().allocate(ADDRESS_ROOM, 8);
  private final int descriptor;
  private final int port;
  private int peerOctets;
  private int waiting;
  private long unsent;

  /** On a free port. */
  LoadSocket() throws IOException {
    MemorySegment memory = Arena.ofAuto().allocate(ADDRESS_ROOM + 8, 8);
    descriptor = checked(calls.udpSocket(false), "socket");
    memory.set(ValueLayout.JAVA_INT, 0, BUFFER_OCTETS);
    if (calls.option(descriptor, SocketOption.RECEIVE_BUFFER_FORCED, memory.address()) < 0) {
      checked(calls.option(descriptor, SocketOption.RECEIVE_BUFFER, memory.address()), "buffer");
    }
    int octets = SocketAddresses.write(memory, 0, new InetSocketAddress("127.0.0.1", 0));
    checked(calls.bind(descriptor, memory.address(), octets), "bind");
    memory.set(ValueLayout.JAVA_INT, ADDRESS_ROOM, ADDRESS_ROOM);
    checked(calls.name(descriptor, memory.address(), memory.address() + ADDRESS_ROOM), "name");
    port = SocketAddresses.read(memory, 0).getPort();
    in.toReceive(false);
  }

  int port() {
    return port;
  }

  /** Everything goes there from now on. */
  void towards(InetSocketAddress server) {
    peerOctets = SocketAddresses.write(peer, 0, server);
  }

  /** What has come, at most a batch; how many. */
  int receive() {
    int came = calls.receiveBatch(descriptor, in.address(0), BATCH);
    return Math.max(0, came);
  }

  /** Copies one that came; its length. */
  int read(int index, byte[] to) {
    int octets = Math.min(in.octets(index), to.length);
    MemorySegment.copy(in.buffers(), ValueLayout.JAVA_BYTE, in.offset(index), to, 0, octets);
    return octets;
  }

  /** Leaves with the others at {@link #flush}, or when there are enough. */
  void send(byte[] bytes, int length) {
    if (waiting == BATCH) {
      flush();
    }
    MemorySegment.copy(bytes, 0, out.buffers(), ValueLayout.JAVA_BYTE, out.offset(waiting), length);
    out.toSend(waiting, length, peer.address(), peerOctets);
    waiting++;
  }

  /** Sends what waits; what the system does not take is as good as lost on the way, and counted. */
  void flush() {
    int sent = 0;
    while (sent < waiting) {
      int some = calls.sendBatch(descriptor, out.address(sent), waiting - sent);
      if (some <= 0) {
        unsent += waiting - sent;
        break;
      }
      sent += some;
    }
    waiting = 0;
  }

  /** Datagrams that the system did not take. */
  long unsent() {
    return unsent;
  }

  private static int checked(int answer, String what) throws IOException {
    if (answer < 0) {
      throw new IOException(what + ": " + Errno.text(answer));
    }
    return answer;
  }

  @Override
  public void close() {
    calls.close(descriptor);
  }
}
