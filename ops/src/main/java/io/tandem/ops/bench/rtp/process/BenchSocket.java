package io.tandem.ops.bench.rtp.process;

import io.tandem.protocol.media.socket.Errno;
import io.tandem.protocol.media.socket.SocketAddresses;
import io.tandem.protocol.media.socket.SocketOption;
import io.tandem.protocol.media.socket.SystemCalls;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetSocketAddress;

/** A bare socket on loopback for a benchmark's process; it lives as long as the process. */
final class BenchSocket {
  private BenchSocket() {}

  /** Bound; the descriptor. */
  static int bound(SystemCalls calls, InetSocketAddress local) throws IOException {
    MemorySegment memory = Arena.ofAuto().allocate(32, 8);
    int descriptor = checked(calls.udpSocket(false), "socket");
    int octets = SocketAddresses.write(memory, 0, local);
    try {
      checked(calls.bind(descriptor, memory.address(), octets), "bind " + local);
      return descriptor;
    } catch (IOException busy) {
      calls.close(descriptor);
      throw busy;
    }
  }

  /** As large a receive buffer as can be had. */
  static void buffer(SystemCalls calls, int descriptor, int octets) {
    MemorySegment memory = Arena.ofAuto().allocate(8, 8);
    memory.set(ValueLayout.JAVA_INT, 0, octets);
    if (calls.option(descriptor, SocketOption.RECEIVE_BUFFER_FORCED, memory.address()) < 0) {
      calls.option(descriptor, SocketOption.RECEIVE_BUFFER, memory.address());
    }
  }

  static void timestamps(SystemCalls calls, int descriptor) throws IOException {
    MemorySegment memory = Arena.ofAuto().allocate(8, 8);
    memory.set(ValueLayout.JAVA_INT, 0, 1);
    checked(calls.option(descriptor, SocketOption.TIMESTAMPS, memory.address()), "timestamps");
  }

  static void connect(SystemCalls calls, int descriptor, InetSocketAddress peer)
      throws IOException {
    MemorySegment memory = Arena.ofAuto().allocate(32, 8);
    int octets = SocketAddresses.write(memory, 0, peer);
    checked(calls.connect(descriptor, memory.address(), octets), "connect " + peer);
  }

  static int checked(int answer, String what) throws IOException {
    if (answer < 0) {
      throw new IOException(what + ": " + Errno.text(answer));
    }
    return answer;
  }
}
