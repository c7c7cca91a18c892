package io.tandem.protocol.media.socket;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** Which core a thread runs on, and which it may. Where the system is not ours: nobody knows. */
public final class Cores {
  /** No core. */
  public static final int UNKNOWN = -1;

  private static final int MASK_OCTETS = 128; // 1,024 cores, as glibc has it
  private static final int THIS_THREAD = 0;

  private Cores() {}

  /** The functions of the C library. */
  private static final class Calls {
    static final MethodHandle CURRENT =
        call("sched_getcpu", FunctionDescriptor.of(JAVA_INT), Linker.Option.critical(false));
    static final MethodHandle ALLOWED = call("sched_getaffinity", MASK);
    static final MethodHandle ALLOW = call("sched_setaffinity", MASK);

    @SuppressWarnings("restricted") // what this package is for
    private static MethodHandle call(
        String name, FunctionDescriptor descriptor, Linker.Option... options) {
      Linker linker = Linker.nativeLinker();
      return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), descriptor, options);
    }
  }

  private static final FunctionDescriptor MASK =
      FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG);

  /** The core the calling thread runs on at this moment. */
  public static int current() {
    if (!SystemCalls.available()) {
      return UNKNOWN;
    }
    try {
      return (int) Calls.CURRENT.invokeExact();
    } catch (Throwable impossible) {
      throw SystemCalls.broken(impossible);
    }
  }

  /** Keeps the calling thread away from a core, of those it was allowed when this was made. */
  public static final class Avoidance {
    private final MemorySegment allowed = Arena.ofAuto().allocate(MASK_OCTETS, 8);
    private final MemorySegment rest = Arena.ofAuto().allocate(MASK_OCTETS, 8);
    private final boolean possible;
    private int avoided = UNKNOWN;

    /** For the calling thread. */
    public Avoidance() {
      possible = SystemCalls.available() && mask(Calls.ALLOWED, allowed) >= 0;
    }

    /** The thread leaves this core now, and the one it avoided before is open to it again. */
    public void avoid(int core) {
      if (core == avoided || core < 0 || core >= 8 * MASK_OCTETS || !possible) {
        return;
      }
      avoided = core;
      rest.copyFrom(allowed);
      int at = core / 8;
      rest.set(JAVA_BYTE, at, (byte) (rest.get(JAVA_BYTE, at) & ~(1 << core % 8)));
      // Refused where that was the only one: then it stays.
      int unused = mask(Calls.ALLOW, rest);
    }

    private static int mask(MethodHandle call, MemorySegment mask) {
      try {
        return (int) call.invokeExact(THIS_THREAD, (long) MASK_OCTETS, mask.address());
      } catch (Throwable impossible) {
        throw SystemCalls.broken(impossible);
      }
    }
  }
}
