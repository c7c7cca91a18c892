package io.tandem.protocol.media.loop;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.tandem.protocol.media.socket.Precedence;
import io.tandem.protocol.media.socket.SocketAddresses;
import io.tandem.protocol.media.socket.SystemCalls;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HashSet;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One thread that waits for datagrams ({@link Arrivals}) and hands each to its socket.
 *
 * <p>Descriptors are closed by this thread only, so that a number it reads from is never somebody
 * else's file. All memory is allocated once, and a packet makes no garbage.
 */
final class NativeLoop {
  private static final Logger log = LoggerFactory.getLogger(NativeLoop.class);
  private static final int BUFFER_OCTETS =
      PacketInlet.MAX_DATAGRAM_OCTETS + PacketInlet.ROOM_OCTETS;

  private final Precedence wanted;

  // --- the loop's own
  private final SystemCalls calls = new SystemCalls();
  private final MemorySegment packetMemory = memory(BUFFER_OCTETS);
  private final MemorySegment copyMemory = memory(BUFFER_OCTETS);
  private final ByteBuf packet = Unpooled.wrappedBuffer(packetMemory.asByteBuffer());
  private final ByteBuf copy = Unpooled.wrappedBuffer(copyMemory.asByteBuffer());
  private final MemorySegment sender = memory(SocketAddresses.MAX_OCTETS);
  private final MemorySegment senderOctets = memory(4);
  private ByteBuf handled = packet;
  private long handledAddress = packetMemory.address();
  private boolean complained;

  // --- everybody's
  private final Thread thread;
  private final Arrivals arrivals;
  private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
  private volatile boolean ending;

  // --- under the lock
  private final Object lock = new Object();
  private final Set<NativeSocket> sockets = new HashSet<>();
  private boolean ended;

  private NativeLoop(String name, Precedence wanted, Arrivals arrivals) {
    this.wanted = wanted;
    this.arrivals = arrivals;
    thread = new Thread(this::run, name);
    thread.setDaemon(true);
  }

  static NativeLoop start(String name, Precedence wanted, Arrivals arrivals) {
    NativeLoop loop = new NativeLoop(name, wanted, arrivals);
    loop.thread.start();
    return loop;
  }

  private static MemorySegment memory(int octets) {
    return Arena.ofAuto().allocate(octets, 8);
  }

  Thread thread() {
    return thread;
  }

  // --- any thread

  /** From now on the loop reads this socket. */
  void add(NativeSocket socket) throws IOException {
    synchronized (lock) {
      if (ended) {
        throw new IOException("the media loop has ended");
      }
      sockets.add(socket);
      arrivals.add(socket);
    }
  }

  /** Runs something on the loop, soon; nothing once it has ended. */
  void execute(Runnable task) {
    tasks.add(task);
    if (Thread.currentThread() != thread) {
      wakeUp();
    }
  }

  void end() {
    ending = true;
    wakeUp();
  }

  private void wakeUp() {
    synchronized (lock) {
      if (!ended) {
        arrivals.wakeUp();
      }
    }
  }

  // --- the loop

  SystemCalls calls() {
    return calls;
  }

  /** Reads one datagram into the loop's own buffer, where there is one, and hands it over. */
  boolean read(NativeSocket from) {
    senderOctets.set(JAVA_INT_UNALIGNED, 0, SocketAddresses.MAX_OCTETS);
    int octets =
        (int)
            calls.receive(
                from.descriptor(),
                packetMemory.address(),
                PacketInlet.MAX_DATAGRAM_OCTETS,
                sender.address(),
                senderOctets.address());
    if (octets >= 0) {
      packet.setIndex(0, octets);
    }
    handled = packet;
    handledAddress = packetMemory.address();
    return from.arrived(packet, sender, octets);
  }

  /** A socket is ready to be read. */
  void ready(NativeSocket socket) {
    try {
      boolean unused = read(socket);
    } catch (RuntimeException broken) {
      complain(broken);
      socket.broken();
    }
  }

  /**
   * A datagram has come already.
   *
   * @param address of the buffer's first octet
   * @param octets or {@code -errno}
   */
  void arrived(NativeSocket at, ByteBuf datagram, long address, MemorySegment from, int octets) {
    handled = datagram;
    handledAddress = address;
    try {
      boolean unused = at.arrived(datagram, from, octets);
    } catch (RuntimeException broken) {
      complain(broken);
      at.broken();
    }
  }

  /** Where the octets of a datagram lie that is to be sent now. */
  @SuppressWarnings("ReferenceEquality") // this very buffer, not one with the same content
  long addressOf(ByteBuf datagram) {
    if (datagram == handled) {
      return handledAddress + datagram.readerIndex();
    }
    copy.clear().writeBytes(datagram, datagram.readerIndex(), datagram.readableBytes());
    return copyMemory.address();
  }

  /** Forgets and closes a socket; again: nothing. */
  void drop(NativeSocket socket) {
    synchronized (lock) {
      if (sockets.remove(socket)) {
        arrivals.forget(socket);
        calls.close(socket.descriptor());
      }
    }
  }

  private void run() {
    Precedence taken = wanted.take();
    if (taken != wanted) {
      log.info("a media thread may not be {}, it is {}", wanted, taken);
    }
    try {
      while (!ending) {
        arrivals.await(this);
        work();
      }
    } finally {
      close();
    }
  }

  private void work() {
    Runnable task = tasks.poll();
    while (task != null) {
      try {
        task.run();
      } catch (RuntimeException broken) {
        complain(broken);
      }
      task = tasks.poll();
    }
  }

  /** The first is told in full; a packet that breaks us must not fill the log. */
  private void complain(RuntimeException broken) {
    if (!complained) {
      complained = true;
      log.error("a datagram could not be handled; more of these are only counted", broken);
    }
  }

  private void close() {
    work();
    synchronized (lock) {
      ended = true;
      arrivals.close();
      for (NativeSocket socket : sockets) {
        calls.close(socket.descriptor());
      }
    }
  }
}
