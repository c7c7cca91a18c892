package io.tandem.protocol.media.socket;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.util.function.IntConsumer;
import java.util.function.IntSupplier;

/**
 * The few calls of Linux that carry datagrams. Each answers what the system answers, or {@code
 * -errno} ({@link Errno}). No call allocates. Memory is given by its address and must stay
 * reachable until the call is back. One object a thread: it holds the place errno is written to.
 */
public final class SystemCalls {
  /** Do not wait, for {@link #receive} and {@link #send} and their batches. */
  public static final int MSG_DONTWAIT = 0x40;

  /** For {@link #epollControl}. */
  public static final int EPOLL_ADD = 1;

  /** For {@link #epollControl}. */
  public static final int EPOLL_DELETE = 2;

  /** Something can be read. */
  public static final int EPOLLIN = 1;

  private static final VarHandle ERRNO =
      Linker.Option.captureStateLayout().varHandle(MemoryLayout.PathElement.groupElement("errno"));

  private final MemorySegment state = Arena.ofAuto().allocate(Linker.Option.captureStateLayout());

  /** The functions of the C library; all pointers and sizes are 64 bits on our machines. */
  private static final class Calls {
    static final MethodHandle SOCKET = call("socket", JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT);
    static final MethodHandle BIND = call("bind", JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_INT);
    static final MethodHandle CONNECT = call("connect", JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_INT);
    static final MethodHandle NAME = call("getsockname", JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG);
    static final MethodHandle CLOSE = call("close", JAVA_INT, JAVA_INT);
    static final MethodHandle OPTION =
        call("setsockopt", JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_INT);
    static final MethodHandle EPOLL = call("epoll_create1", JAVA_INT, JAVA_INT);
    static final MethodHandle CONTROL =
        call("epoll_ctl", JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG);
    static final MethodHandle WAIT =
        call("epoll_wait", JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_INT, JAVA_INT);
    static final MethodHandle EVENT = call("eventfd", JAVA_INT, JAVA_INT, JAVA_INT);
    static final MethodHandle READ = call("read", JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG);
    static final MethodHandle WRITE = call("write", JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG);
    static final MethodHandle RECEIVE =
        brief(
            "recvfrom", JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG);
    static final MethodHandle SEND =
        brief("sendto", JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_INT);
    static final MethodHandle RECEIVE_BATCH =
        call("recvmmsg", JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_LONG);
    static final MethodHandle SEND_BATCH =
        call("sendmmsg", JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_INT, JAVA_INT);
    static final MethodHandle MAP =
        call("mmap", JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG);
    static final MethodHandle UNMAP = call("munmap", JAVA_INT, JAVA_LONG, JAVA_LONG);
    static final MethodHandle RING =
        variadic("syscall", JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);
    static final MethodHandle RING_ENTER =
        variadic(
            "syscall", JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG,
            JAVA_LONG);

    @SuppressWarnings("restricted") // what this package is for
    private static MethodHandle call(String name, MemoryLayout result, MemoryLayout... arguments) {
      Linker linker = Linker.nativeLinker();
      return linker.downcallHandle(
          linker.defaultLookup().findOrThrow(name),
          FunctionDescriptor.of(result, arguments),
          Linker.Option.captureCallState("errno"));
    }

    /** One that never waits: the JVM need not be told that the thread has left it. */
    @SuppressWarnings("restricted")
    private static MethodHandle brief(String name, MemoryLayout result, MemoryLayout... arguments) {
      Linker linker = Linker.nativeLinker();
      return linker.downcallHandle(
          linker.defaultLookup().findOrThrow(name),
          FunctionDescriptor.of(result, arguments),
          Linker.Option.captureCallState("errno"),
          Linker.Option.critical(false));
    }

    /** All arguments but the first are the variable ones. */
    @SuppressWarnings("restricted")
    private static MethodHandle variadic(
        String name, MemoryLayout result, MemoryLayout... arguments) {
      Linker linker = Linker.nativeLinker();
      return linker.downcallHandle(
          linker.defaultLookup().findOrThrow(name),
          FunctionDescriptor.of(result, arguments),
          Linker.Option.captureCallState("errno"),
          Linker.Option.firstVariadicArg(1));
    }
  }

  /**
   * Whether this machine has them: Linux on x86-64 or aarch64, a JVM that may call native code, and
   * nothing, as a sandbox's filter, that forbids epoll or eventfd.
   */
  public static boolean available() {
    return Tried.AVAILABLE;
  }

  /** Tried once: a loop asks at each wake-up. */
  private static final class Tried {
    static final boolean AVAILABLE = available();

    private static boolean available() {
      if (!System.getProperty("os.name").equals("Linux")
          || !EpollLayout.known(System.getProperty("os.arch"))) {
        return false;
      }
      try {
        SystemCalls calls = new SystemCalls();
        return Calls.SEND_BATCH != null
            && canOpen(
                calls::close, calls::epoll, calls::eventDescriptor, () -> calls.udpSocket(false));
      } catch (LinkageError | IllegalCallerException missing) {
        return false;
      }
    }
  }

  /** Whether each of these gives a descriptor; all are closed again. */
  static boolean canOpen(IntConsumer close, IntSupplier... openings) {
    boolean all = true;
    for (IntSupplier opening : openings) {
      int descriptor = opening.getAsInt();
      if (descriptor >= 0) {
        close.accept(descriptor);
      }
      all &= descriptor >= 0;
    }
    return all;
  }

  /** A UDP socket that never waits: its descriptor. */
  public int udpSocket(boolean six) {
    int nonBlockingAndCloseOnExec = 0x800 | 0x80000;
    int datagrams = 2;
    try {
      int family = six ? SocketAddresses.AF_INET6 : SocketAddresses.AF_INET;
      return answer(
          (int) Calls.SOCKET.invokeExact(state, family, datagrams | nonBlockingAndCloseOnExec, 0));
    } catch (Throwable impossible) {
      throw broken(impossible);
    }
  }

  /** Binds to an address as {@link SocketAddresses} writes it. */
  public int bind(int descriptor, long address, int addressOctets) {
    try {
      return answer((int) Calls.BIND.invokeExact(state, descriptor, address, addressOctets));
    } catch (Throwable impossible) {
      throw broken(impossible);
    }
  }

  /** From now on only that peer is heard, and {@link #send} needs no address. */
  public int connect(int descriptor, long address, int addressOctets) {
    try {
      return answer((int) Calls.CONNECT.invokeExact(state, descriptor, address, addressOctets));
    } catch (Throwable impossible) {
      throw broken(impossible);
    }
  }

  /** The address a socket is bound to. */
  public int name(int descriptor, long address, long addressOctets) {
    try {
      return answer((int) Calls.NAME.invokeExact(state, descriptor, address, addressOctets));
    } catch (Throwable impossible) {
      throw broken(impossible);
    }
  }

  /** Gives a descriptor back; another thread may get its number at once. */
  public int close(int descriptor) {
    try {
      return answer((int) Calls.CLOSE.invokeExact(state, descriptor));
    } catch (Throwable impossible) {
      throw broken(impossible);
    }
  }

  /** {@code setsockopt} of an int that lies at an address. */
  public int option(int descriptor, SocketOption option, long valueAddress) {
    try {
      return answer(
          (int)
              Calls.OPTION.invokeExact(
                  state, descriptor, option.level(), option.number(), valueAddress, 4));
    } catch (Throwable impossible) {
      throw broken(impossible);
    }
  }

  /** A new epoll descriptor. */
  public int epoll() {
    int closeOnExec = 0x80000;
    try {
      return answer((int) Calls.EPOLL.invokeExact(state, closeOnExec));
    } catch (Throwable impossible) {
      throw broken(impossible);
    }
  }

  /**
   * Adds or deletes a descriptor.
   *
   * @param event one event as {@link EpollLayout} lays it out
   */
  public int epollControl(int epoll, int operation, int descriptor, long event) {
    try {
      return answer((int) Calls.CONTROL.invokeExact(state, epoll, operation, descriptor, event));
    } catch (Throwable impossible) {
      throw broken(impossible);
    }
  }

  /**
   * Waits for events.
   *
   * @param timeoutMillis -1 for ever
   * @return how many were written to {@code events}
   */
  public int epollWait(int epoll, long events, int maxEvents, int timeoutMillis) {
    try {
      return answer((int) Calls.WAIT.invokeExact(state, epoll, events, maxEvents, timeoutMillis));
    } catch (Throwable impossible) {
      throw broken(impossible);
    }
  }

  /** A descriptor to wake a waiting thread by: {@link #write} of eight octets. */
  public int eventDescriptor() {
    int nonBlockingAndCloseOnExec = 0x800 | 0x80000;
    try {
      return answer((int) Calls.EVENT.invokeExact(state, 0, nonBlockingAndCloseOnExec));
    } catch (Throwable impossible) {
      throw broken(impossible);
    }
  }

  /** Reads octets. */
  public long read(int descriptor, long to, long octets) {
    try {
      return answer((long) Calls.READ.invokeExact(state, descriptor, to, octets));
    } catch (Throwable impossible) {
      throw broken(impossible);
    }
  }

  /** Writes octets. */
  public long write(int descriptor, long from, long octets) {
    try {
      return answer((long) Calls.WRITE.invokeExact(state, descriptor, from, octets));
    } catch (Throwable impossible) {
      throw broken(impossible);
    }
  }

  /**
   * One datagram; it never waits.
   *
   * @param sender where its address is written, {@code senderOctets} an int with the room there; 0
   *     and 0 when nobody asks
   * @return its octets, at most {@code octets}
   */
  public long receive(int descriptor, long to, long octets, long sender, long senderOctets) {
    try {
      return answer(
          (long)
              Calls.RECEIVE.invokeExact(
                  state, descriptor, to, octets, MSG_DONTWAIT, sender, senderOctets));
    } catch (Throwable impossible) {
      throw broken(impossible);
    }
  }

  /**
   * One datagram; it never waits.
   *
   * @param to 0 with {@code toOctets} 0 on a connected socket
   */
  public long send(int descriptor, long from, long octets, long to, int toOctets) {
    try {
      return answer(
          (long)
              Calls.SEND.invokeExact(state, descriptor, from, octets, MSG_DONTWAIT, to, toOctets));
    } catch (Throwable impossible) {
      throw broken(impossible);
    }
  }

  /**
   * Datagrams as {@link MessageBatch} lays them out; it never waits.
   *
   * @return how many came
   */
  public int receiveBatch(int descriptor, long messages, int count) {
    try {
      return answer(
          (int)
              Calls.RECEIVE_BATCH.invokeExact(
                  state, descriptor, messages, count, MSG_DONTWAIT, 0L));
    } catch (Throwable impossible) {
      throw broken(impossible);
    }
  }

  /**
   * Datagrams as {@link MessageBatch} lays them out; it never waits.
   *
   * @return how many were sent; an error only when the first was not
   */
  public int sendBatch(int descriptor, long messages, int count) {
    try {
      return answer(
          (int) Calls.SEND_BATCH.invokeExact(state, descriptor, messages, count, MSG_DONTWAIT));
    } catch (Throwable impossible) {
      throw broken(impossible);
    }
  }

  /**
   * A new io_uring: its descriptor. These calls have the same numbers on all architectures.
   *
   * @param params where {@code struct io_uring_params} lies
   */
  int ringSetup(int room, long params) {
    try {
      return (int) answer((long) Calls.RING.invokeExact(state, 425L, (long) room, params));
    } catch (Throwable impossible) {
      throw broken(impossible);
    }
  }

  /** Submits to an io_uring, and waits for outcomes. */
  int ringEnter(int ring, int submitted, int awaited, int flags) {
    try {
      return (int)
          answer(
              (long)
                  Calls.RING_ENTER.invokeExact(
                      state,
                      426L,
                      (long) ring,
                      (long) submitted,
                      (long) awaited,
                      (long) flags,
                      0L,
                      0L));
    } catch (Throwable impossible) {
      throw broken(impossible);
    }
  }

  /**
   * Memory that is shared with the kernel.
   *
   * @throws IOException when there is none
   */
  @SuppressWarnings("restricted")
  MemorySegment map(int descriptor, long octets, long offset) throws IOException {
    int readAndWrite = 3;
    int sharedAndPopulated = 0x8001;
    try {
      long address =
          answer(
              (long)
                  Calls.MAP.invokeExact(
                      state, 0L, octets, readAndWrite, sharedAndPopulated, descriptor, offset));
      if (address < 0) {
        throw new IOException("mmap: " + Errno.text((int) address));
      }
      return MemorySegment.ofAddress(address).reinterpret(octets);
    } catch (IOException refused) {
      throw refused;
    } catch (Throwable impossible) {
      throw broken(impossible);
    }
  }

  /** Gives memory back that was mapped. */
  void unmap(MemorySegment mapped) {
    try {
      int unused = (int) Calls.UNMAP.invokeExact(state, mapped.address(), mapped.byteSize());
    } catch (Throwable impossible) {
      throw broken(impossible);
    }
  }

  private int answer(int result) {
    return result >= 0 ? result : -(int) ERRNO.get(state, 0L);
  }

  private long answer(long result) {
    return result >= 0 ? result : -(int) ERRNO.get(state, 0L);
  }

  /** A downcall throws nothing of its own; what comes is an error of the JVM. */
  static Error broken(Throwable impossible) {
    return impossible instanceof Error error
        ? error
        : new LinkageError("a call failed", impossible);
  }
}
