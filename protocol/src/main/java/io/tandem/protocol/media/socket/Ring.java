package io.tandem.protocol.media.socket;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;

/**
 * An io_uring: what is wanted of the system is written into one ring of shared memory, what came of
 * it is read from another, and one call carries many of both. Of one thread. The layouts are the
 * same on all 64-bit architectures.
 *
 * <p>Each wish has a number of its own, and its memory must stay where it is until {@link #each}
 * has told that number.
 */
public final class Ring implements AutoCloseable {
  /** Is told what came of a wish. */
  @FunctionalInterface
  public interface Outcomes {
    /**
     * A wish has come true or failed.
     *
     * @param number of the wish
     * @param result octets or events, or {@code -errno}
     */
    void done(long number, int result);
  }

  private static final int PARAMS_OCTETS = 120;
  private static final int WISH_OCTETS = 64;
  private static final int OUTCOME_OCTETS = 16;
  private static final long OUTCOMES_SIZE_GIVEN = 1 << 3;
  private static final long WISHES_OFFSET = 0x1000_0000L;
  private static final int ONE_MAPPING = 1;
  private static final int GET_EVENTS = 1;
  private static final byte POLL_ADD = 6;
  private static final byte RECEIVE_MESSAGE = 10;
  private static final byte CANCEL = 14;
  private static final int POLL_IN = 1;

  private static final VarHandle HEAD_OR_TAIL = JAVA_INT.varHandle();

  private final SystemCalls calls = new SystemCalls();
  private final int descriptor;
  private final MemorySegment rings;
  private final MemorySegment wishes;
  private final int wishHead;
  private final int wishTail;
  private final int wishMask;
  private final int outcomeHead;
  private final int outcomeTail;
  private final int outcomeMask;
  private final int outcomes;
  private int tail;
  private int unsubmitted;

  /**
   * @param room wishes that can wait to be submitted, a power of two
   * @throws IOException when the system has no io_uring, or does not let us have one
   */
  public Ring(int room) throws IOException {
    MemorySegment params = Arena.ofAuto().allocate(PARAMS_OCTETS, 8);
    params.set(JAVA_INT, 4, 8 * room);
    params.set(JAVA_INT, 8, (int) OUTCOMES_SIZE_GIVEN);
    descriptor = calls.ringSetup(room, params.address());
    if (descriptor < 0) {
      throw new IOException("io_uring: " + Errno.text(descriptor));
    }
    try {
      if ((params.get(JAVA_INT, 20) & ONE_MAPPING) == 0) {
        throw new IOException("io_uring: the kernel is older than 5.4");
      }
      int entries = params.get(JAVA_INT, 0);
      wishHead = params.get(JAVA_INT, 40);
      wishTail = params.get(JAVA_INT, 44);
      outcomeHead = params.get(JAVA_INT, 80);
      outcomeTail = params.get(JAVA_INT, 84);
      outcomes = params.get(JAVA_INT, 100);
      int array = params.get(JAVA_INT, 64);
      int octets =
          Math.max(array + 4 * entries, outcomes + OUTCOME_OCTETS * params.get(JAVA_INT, 4));
      rings = calls.map(descriptor, octets, 0);
      wishes = calls.map(descriptor, WISH_OCTETS * entries, WISHES_OFFSET);
      wishMask = rings.get(JAVA_INT, params.get(JAVA_INT, 48));
      outcomeMask = rings.get(JAVA_INT, params.get(JAVA_INT, 88));
      for (int i = 0; i < entries; i++) {
        rings.set(JAVA_INT, array + 4L * i, i);
      }
      tail = rings.get(JAVA_INT, wishTail);
    } catch (IOException refused) {
      calls.close(descriptor);
      throw refused;
    }
  }

  /** Whether this system lets us have one; containers often do not. */
  public static boolean available() {
    if (!SystemCalls.available()) {
      return false;
    }
    try (Ring tried = new Ring(2)) {
      return tried.descriptor >= 0;
    } catch (IOException none) {
      return false;
    }
  }

  /** Tells when something can be read, once. */
  public void poll(int from, long number) {
    long at = wish(POLL_ADD, from, number);
    wishes.set(JAVA_INT, at + 28, POLL_IN);
    publish();
  }

  /**
   * Receives one datagram, whenever it comes.
   *
   * @param message address of a {@code struct msghdr}
   */
  public void receive(int from, long message, long number) {
    long at = wish(RECEIVE_MESSAGE, from, number);
    wishes.set(JAVA_LONG, at + 16, message);
    wishes.set(JAVA_INT, at + 24, 1);
    publish();
  }

  /** Takes a wish back: it ends at once, if it has not. */
  public void cancel(long wished, long number) {
    long at = wish(CANCEL, -1, number);
    wishes.set(JAVA_LONG, at + 16, wished);
    publish();
  }

  private long wish(byte operation, int of, long number) {
    while (tail - (int) HEAD_OR_TAIL.getAcquire(rings, (long) wishHead) > wishMask) {
      int unused = submit(0); // full: the system takes what there is
    }
    long at = (long) (tail & wishMask) * WISH_OCTETS;
    for (int i = 0; i < WISH_OCTETS; i += 8) {
      wishes.set(JAVA_LONG, at + i, 0);
    }
    wishes.set(JAVA_BYTE, at, operation);
    wishes.set(JAVA_INT, at + 4, of);
    wishes.set(JAVA_LONG, at + 32, number);
    return at;
  }

  private void publish() {
    tail++;
    unsubmitted++;
    HEAD_OR_TAIL.setRelease(rings, (long) wishTail, tail);
  }

  /**
   * Hands over what was wished for, and waits until so many outcomes are there.
   *
   * @return {@code -errno} when it could not; interrupted waits are no error
   */
  public int submit(int awaited) {
    int taken = calls.ringEnter(descriptor, unsubmitted, awaited, GET_EVENTS);
    if (taken == -Errno.EINTR) {
      return 0;
    }
    if (taken > 0) {
      unsubmitted -= taken;
    }
    return Math.min(taken, 0);
  }

  /** Tells each outcome that is there. */
  public void each(Outcomes told) {
    int head = rings.get(JAVA_INT, outcomeHead);
    while (head != (int) HEAD_OR_TAIL.getAcquire(rings, (long) outcomeTail)) {
      long at = outcomes + (long) (head & outcomeMask) * OUTCOME_OCTETS;
      long number = rings.get(JAVA_LONG, at);
      int result = rings.get(JAVA_INT, at + 8);
      head++;
      HEAD_OR_TAIL.setRelease(rings, (long) outcomeHead, head);
      told.done(number, result);
    }
  }

  /** Gives it back; what was wished for and has not come is given up. */
  @Override
  public void close() {
    calls.unmap(wishes);
    calls.unmap(rings);
    calls.close(descriptor);
  }
}
