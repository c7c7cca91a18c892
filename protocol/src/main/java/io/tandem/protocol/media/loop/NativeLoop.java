package io.tandem.protocol.media.loop;

import io.netty.buffer.ByteBuf;
import io.tandem.protocol.media.socket.Precedence;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.HashSet;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One thread that waits for datagrams ({@link Arrivals}) and hands each to its socket, and a second
 * one that steps in when the first does not get on: a machine that shares its cores with others
 * stops one of them for milliseconds, in the middle of whatever ran there. The {@link Relief} looks
 * every millisecond, and carries what waits until the first is back. Of one call ({@link
 * PacketInlet#enter}) only one of them carries a packet at a time, and neither waits for the other.
 *
 * <p>Descriptors are closed by the first thread only, while the second is not in their call, so
 * that a number that is read from is never somebody else's file. All memory is allocated once, and
 * a packet makes no garbage.
 */
final class NativeLoop {
  private static final Logger log = LoggerFactory.getLogger(NativeLoop.class);

  /** Waits that fail in a row before a loop gives up: what goes on like this is not passing. */
  private static final int FAILURES_MAX = 100;

  private final Precedence wanted;

  // --- the loop's own
  private final Hand own = new Hand();
  private long turnBegan;

  // --- the relief's own
  private final Hand reliefs = new Hand();

  // --- everybody's
  private final Thread thread;
  private final Relief relief;
  private final Arrivals arrivals;
  private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
  private volatile boolean complained;
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
    relief = new Relief(name + "-relief", wanted, this::relieved);
  }

  static NativeLoop start(String name, Precedence wanted, Arrivals arrivals) {
    NativeLoop loop = new NativeLoop(name, wanted, arrivals);
    loop.thread.start();
    if (loop.hasRelief()) {
      loop.relief.start();
    }
    return loop;
  }

  Thread thread() {
    return thread;
  }

  private boolean hasRelief() {
    return arrivals.canBeRelieved() && Runtime.getRuntime().availableProcessors() > 1;
  }

  /** All that carry packets here. */
  Stream<Thread> threads() {
    return hasRelief() ? Stream.of(thread, relief.thread()) : Stream.of(thread);
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

  /** Something has come: the arrivals say so before they hand it over. */
  void woken() {
    turnBegan = System.nanoTime();
    relief.wake();
  }

  /** All of it was handed over. */
  void carried(int packets) {
    relief.seesTurn(packets, System.nanoTime() - turnBegan);
  }

  /** What the thread carries with that asks. */
  Hand hand() {
    return Thread.currentThread() == thread ? own : reliefs;
  }

  /** A socket is ready to be read. While the relief is in its call it is left for later. */
  void ready(NativeSocket socket) {
    relief.seesProgress();
    PacketInlet inlet = socket.inlet();
    if (inlet == null) {
      read(own, socket);
    } else if (inlet.enter()) {
      try {
        read(own, socket);
      } finally {
        inlet.leave();
      }
    }
  }

  /**
   * The same by the relief, where nobody is in the call; ports without one can wait.
   *
   * @return whether it was read
   */
  boolean readyForRelief(NativeSocket socket) {
    PacketInlet inlet = socket.inlet();
    if (inlet == null || !inlet.enter()) {
      return false;
    }
    try {
      if (socket.isDropped()) {
        return false;
      }
      read(reliefs, socket);
      return true;
    } finally {
      inlet.leave();
    }
  }

  private boolean relieved() {
    try {
      return arrivals.relieve(this);
    } catch (Throwable broken) {
      complain(broken);
      return false;
    }
  }

  private void read(Hand hand, NativeSocket socket) {
    try {
      boolean unused = hand.read(socket);
    } catch (Throwable broken) {
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
    own.holds(datagram, address);
    try {
      boolean unused = at.arrived(datagram, from, octets);
    } catch (Throwable broken) {
      complain(broken);
      at.broken();
    }
  }

  /** Forgets and closes a socket; again: nothing. */
  void drop(NativeSocket socket) {
    synchronized (lock) {
      if (sockets.remove(socket)) {
        arrivals.forget(socket);
        socket.dropped();
        own.calls().close(socket.descriptor());
      }
    }
  }

  private void run() {
    Precedence taken = wanted.take();
    if (taken != wanted) {
      log.info("a media thread may not be {}, it is {}", wanted, taken);
    }
    try {
      int failures = 0;
      while (!ending && failures < FAILURES_MAX) {
        failures = turn() ? 0 : failures + 1;
      }
      if (!ending) {
        log.error("{} ends: it cannot wait for datagrams any more", thread.getName());
      }
    } finally {
      close();
    }
  }

  /** Once round; false when the wait itself failed. */
  private boolean turn() {
    boolean well = true;
    try {
      arrivals.await(this);
    } catch (Throwable broken) {
      complain(broken);
      well = false;
    }
    work();
    return well;
  }

  private void work() {
    Runnable task = tasks.poll();
    while (task != null) {
      try {
        task.run();
      } catch (Throwable broken) {
        complain(broken);
      }
      task = tasks.poll();
    }
  }

  /** The first is told in full; a packet that breaks us must not fill the log. */
  private void complain(Throwable broken) {
    if (!complained) {
      complained = true;
      log.error("a datagram could not be handled; more of these are only counted", broken);
    }
  }

  private void close() {
    relief.end();
    work();
    synchronized (lock) {
      ended = true;
      arrivals.close();
      for (NativeSocket socket : sockets) {
        own.calls().close(socket.descriptor());
      }
    }
  }
}
