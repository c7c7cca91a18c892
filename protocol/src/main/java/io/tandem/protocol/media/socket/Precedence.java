package io.tandem.protocol.media.socket;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/**
 * Whom the system lets run first. A packet that waits for another thread's slice of three
 * milliseconds is late, so who carries media asks to go before: {@code sched(7)}, on Linux a
 * thread's own affair.
 */
public enum Precedence {
  /**
   * Before all that is not real time, as soon as there is something to do ({@code SCHED_RR}, the
   * lowest of its priorities). The system keeps a twentieth of each second for the others.
   */
  REAL_TIME,

  /** Five steps less niceness: before compilers and collectors, still at most three quarters. */
  FAVOURED,

  /** As all others. */
  ORDINARY;

  private static final int THIS_ONE = 0;
  private static final int OF_A_THREAD = 0;
  private static final int SCHED_RR = 2;
  private static final int LOWEST = 1;
  private static final int NICE = -5;

  private static final VarHandle ERRNO =
      Linker.Option.captureStateLayout().varHandle(MemoryLayout.PathElement.groupElement("errno"));

  /**
   * Takes this precedence for the calling thread, or the best below it that it may have: above the
   * last one only a process may that has CAP_SYS_NICE or such a limit (RLIMIT_RTPRIO, RLIMIT_NICE).
   *
   * @return what it has now; ordinary too on a system whose calls we do not know
   */
  public Precedence take() {
    if (!SystemCalls.available()) {
      return ORDINARY;
    }
    return switch (this) {
      case REAL_TIME -> roundRobin(LOWEST) == 0 ? REAL_TIME : FAVOURED.take();
      case FAVOURED -> niceness(NICE) == 0 ? FAVOURED : ORDINARY;
      case ORDINARY -> ORDINARY;
    };
  }

  /** {@code sched_setscheduler(2)}: 0, or {@code -errno}. */
  private static int roundRobin(int priority) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment parameter = arena.allocateFrom(JAVA_INT, priority);
      return call("sched_setscheduler", THIS_ONE, SCHED_RR, parameter.address());
    }
  }

  /** {@code setpriority(2)} of the calling thread: 0, or {@code -errno}. */
  static int niceness(int nice) {
    return call("setpriority", OF_A_THREAD, THIS_ONE, nice);
  }

  /** The last one is a pointer in one of them: the register is the same. */
  @SuppressWarnings("restricted") // what this package is for
  private static int call(String name, int first, int second, long third) {
    Linker linker = Linker.nativeLinker();
    MethodHandle call =
        linker.downcallHandle(
            linker.defaultLookup().findOrThrow(name),
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG),
            Linker.Option.captureCallState("errno"));
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(Linker.Option.captureStateLayout());
      int answer = (int) call.invokeExact(state, first, second, third);
      return answer >= 0 ? answer : -(int) ERRNO.get(state, 0L);
    } catch (Throwable impossible) {
      throw impossible instanceof Error error
          ? error
          : new LinkageError("a call failed", impossible);
    }
  }
}
