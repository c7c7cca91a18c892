package io.tandem.protocol.media.socket;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/**
 * How far a thread stands back behind others: {@code setpriority(2)}, which on Linux is a thread's
 * own. A packet that waits for a compiler thread's slice of three milliseconds is late; one that is
 * carried by a thread of a few steps less niceness goes first.
 */
public final class Niceness {
  private static final int OF_A_THREAD = 0;
  private static final int THIS_ONE = 0;

  private static final VarHandle ERRNO =
      Linker.Option.captureStateLayout().varHandle(MemoryLayout.PathElement.groupElement("errno"));

  private Niceness() {}

  /**
   * Sets the calling thread's.
   *
   * @param nice 19 to -20; below zero only a process may that has CAP_SYS_NICE or such a limit
   * @return 0, or {@code -errno}: {@code EACCES} when it may not
   */
  @SuppressWarnings("restricted") // what this package is for
  public static int ofThisThread(int nice) {
    Linker linker = Linker.nativeLinker();
    MethodHandle call =
        linker.downcallHandle(
            linker.defaultLookup().findOrThrow("setpriority"),
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT),
            Linker.Option.captureCallState("errno"));
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(Linker.Option.captureStateLayout());
      int answer = (int) call.invokeExact(state, OF_A_THREAD, THIS_ONE, nice);
      return answer >= 0 ? answer : -(int) ERRNO.get(state, 0L);
    } catch (Throwable impossible) {
      throw impossible instanceof Error error
          ? error
          : new LinkageError("a call failed", impossible);
    }
  }
}
