package io.tandem.protocol.media.loop;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.tandem.protocol.media.socket.EpollLayout;
import io.tandem.protocol.media.socket.Errno;
import io.tandem.protocol.media.socket.Precedence;
import io.tandem.protocol.media.socket.SocketAddresses;
import io.tandem.protocol.media.socket.SystemCalls;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One thread that waits on epoll and reads each ready socket once: a leg gets one packet in 20 ms,
 * so a second read would find nothing, and a flood on one port waits its turn behind other calls.
 *
 * <p>Descriptors are closed by this thread only, so that a number it reads from is never somebody
 * else's file. All memory is allocated once, and a packet makes no garbage.
 */
final class NativeLoop {
  private static final Logger log = LoggerFactory.getLogger(NativeLoop.class);
  private static final EpollLayout EPOLL = EpollLayout.of(System.getProperty("os.arch"));
  private static final int MAX_EVENTS = 512;
  private static final int BUFFER_OCTETS =
      PacketInlet.MAX_DATAGRAM_OCTETS + PacketInlet.ROOM_OCTETS;
  private static final int WAKE = -1;

  private final Precedence wanted;

  // --- the loop's own
  private final SystemCalls calls = new SystemCalls();
  private final MemorySegment events = memory(MAX_EVENTS * EPOLL.octets());
  private final MemorySegment packetMemory = memory(BUFFER_OCTETS);
  private final MemorySegment copyMemory = memory(BUFFER_OCTETS);
  private final ByteBuf packet = Unpooled.wrappedBuffer(packetMemory.asByteBuffer());
  private final ByteBuf copy = Unpooled.wrappedBuffer(copyMemory.asByteBuffer());
  private final MemorySegment sender = memory(SocketAddresses.MAX_OCTETS);
  private final MemorySegment senderOctets = memory(4);
  private boolean complained;

  // --- everybody's
  private final Thread thread;
  private final int epoll;
  private final int wake;
  private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
  private volatile boolean ending;

  /** By descriptor. An element is written under the lock and published by writing the field. */
  private volatile @Nullable NativeSocket[] sockets = new NativeSocket[256];

  // --- under the lock
  private final Object lock = new Object();
  private final SystemCalls othersCalls = new SystemCalls();
  private final MemorySegment word = memory(16);
  private boolean ended;

  private NativeLoop(String name, Precedence wanted) throws IOException {
    this.wanted = wanted;
    epoll = NativeSocket.checked(calls.epoll(), "epoll");
    wake = NativeSocket.checked(calls.eventDescriptor(), "eventfd");
    control(SystemCalls.EPOLL_ADD, wake, WAKE);
    thread = new Thread(this::run, name);
    thread.setDaemon(true);
  }

  static NativeLoop start(String name, Precedence wanted) throws IOException {
    NativeLoop loop = new NativeLoop(name, wanted);
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
      @Nullable NativeSocket[] table = sockets;
      if (socket.descriptor() >= table.length) {
        table = Arrays.copyOf(table, Math.max(2 * table.length, socket.descriptor() + 1));
      }
      table[socket.descriptor()] = socket;
      sockets = table;
      control(SystemCalls.EPOLL_ADD, socket.descriptor(), socket.descriptor());
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
        word.set(JAVA_LONG_UNALIGNED, 0, 1);
        othersCalls.write(wake, word.address(), 8); // full means it is awake
      }
    }
  }

  /** Under the lock, or before the loop is known to anybody. */
  private void control(int operation, int descriptor, int data) throws IOException {
    word.set(JAVA_INT_UNALIGNED, 0, SystemCalls.EPOLLIN);
    word.set(JAVA_LONG_UNALIGNED, EPOLL.dataOffset(), data);
    NativeSocket.checked(
        othersCalls.epollControl(epoll, operation, descriptor, word.address()), "epoll_ctl");
  }

  // --- the loop

  SystemCalls calls() {
    return calls;
  }

  /** Reads one datagram into {@link #packet}; octets, or {@code -errno}. */
  int receive(NativeSocket from) {
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
    return octets;
  }

  ByteBuf packet() {
    return packet;
  }

  /** Who sent what was read last, as {@link SocketAddresses} has it. */
  MemorySegment sender() {
    return sender;
  }

  /** Where the octets of a datagram lie that is to be sent now. */
  @SuppressWarnings("ReferenceEquality") // this very buffer, not one with the same content
  long addressOf(ByteBuf datagram) {
    if (datagram == packet) {
      return packetMemory.address() + datagram.readerIndex();
    }
    copy.clear().writeBytes(datagram, datagram.readerIndex(), datagram.readableBytes());
    return copyMemory.address();
  }

  /** Forgets and closes a socket. */
  void drop(NativeSocket socket) {
    synchronized (lock) {
      @Nullable NativeSocket[] table = sockets;
      if (table[socket.descriptor()] == socket) {
        table[socket.descriptor()] = null;
        sockets = table;
        calls.close(socket.descriptor()); // which takes it out of the epoll set too
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
        int ready = calls.epollWait(epoll, events.address(), MAX_EVENTS, -1);
        if (ready < 0 && ready != -Errno.EINTR) {
          throw new IllegalStateException("epoll_wait: " + Errno.text(ready));
        }
        @Nullable NativeSocket[] table = sockets;
        for (int i = 0; i < ready; i++) {
          long data = events.get(JAVA_LONG_UNALIGNED, i * EPOLL.octets() + EPOLL.dataOffset());
          if (data == WAKE) {
            calls.read(wake, packetMemory.address(), 8);
          } else {
            read(table[(int) data]);
          }
        }
        work();
      }
    } finally {
      close();
    }
  }

  private void read(@Nullable NativeSocket socket) {
    if (socket == null) {
      return; // closed by an earlier event of this round
    }
    try {
      var unused = socket.readable();
    } catch (RuntimeException broken) {
      complain(broken);
      socket.broken();
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
      for (NativeSocket socket : sockets) {
        if (socket != null) {
          calls.close(socket.descriptor());
        }
      }
      calls.close(wake);
      calls.close(epoll);
    }
  }
}
