package io.tandem.protocol.media.socket;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * An array of {@code struct mmsghdr} with a buffer and room for a time stamp behind each, for
 * {@link SystemCalls#sendBatch} and {@link SystemCalls#receiveBatch}. The layout of a 64-bit Linux,
 * the same on x86-64 and aarch64:
 *
 * <pre>
 *  0       8          16     24         32        40             48      56       64
 * | name  | nameLen  | iov  | iovLen   | control | controlLen   | flags | octets |
 * </pre>
 */
public final class MessageBatch {
  private static final int HEADER_OCTETS = 64;
  private static final int VECTOR_OCTETS = 16;
  private static final int CONTROL_OCTETS = 64;
  private static final int SOL_SOCKET = 1;

  private final int size;
  private final int bufferOctets;
  private final MemorySegment headers;
  private final MemorySegment vectors;
  private final MemorySegment controls;
  private final MemorySegment buffers;

  /**
   * @param size messages
   * @param bufferOctets room for each
   */
  public MessageBatch(int size, int bufferOctets) {
    this.size = size;
    this.bufferOctets = bufferOctets;
    Arena arena = Arena.ofAuto();
    headers = arena.allocate((long) size * HEADER_OCTETS, 8);
    vectors = arena.allocate((long) size * VECTOR_OCTETS, 8);
    controls = arena.allocate((long) size * CONTROL_OCTETS, 8);
    buffers = arena.allocate((long) size * bufferOctets, 8);
    for (int i = 0; i < size; i++) {
      vectors.set(JAVA_LONG, (long) i * VECTOR_OCTETS, buffers.address() + (long) i * bufferOctets);
      headers.set(JAVA_LONG, header(i) + 16, vectors.address() + (long) i * VECTOR_OCTETS);
      headers.set(JAVA_LONG, header(i) + 24, 1);
    }
  }

  private static long header(int index) {
    return (long) index * HEADER_OCTETS;
  }

  /** Messages there is room for. */
  public int size() {
    return size;
  }

  /** Address of the header of one message, to be given to a call. */
  public long address(int index) {
    return headers.address() + header(index);
  }

  /** All buffers, the one of a message beginning at {@link #offset}. */
  public MemorySegment buffers() {
    return buffers;
  }

  /** Where the buffer of one message begins. */
  public long offset(int index) {
    return (long) index * bufferOctets;
  }

  /**
   * Makes one message ready to be sent.
   *
   * @param address where the destination lies, as {@link SocketAddresses} writes it
   */
  public void toSend(int index, int octets, long address, int addressOctets) {
    headers.set(JAVA_LONG, header(index), address);
    headers.set(JAVA_LONG, header(index) + 40, 0);
    headers.set(JAVA_INT, header(index) + 8, addressOctets);
    vectors.set(JAVA_LONG, (long) index * VECTOR_OCTETS + 8, octets);
  }

  /**
   * Makes all messages ready to be received; who sent them is not asked.
   *
   * @param withArrival whether {@link #arrivalNanos} will be
   */
  public void toReceive(boolean withArrival) {
    for (int i = 0; i < size; i++) {
      headers.set(JAVA_LONG, header(i), 0);
      headers.set(JAVA_INT, header(i) + 8, 0);
      vectors.set(JAVA_LONG, (long) i * VECTOR_OCTETS + 8, bufferOctets);
      headers.set(JAVA_LONG, header(i) + 32, controls.address() + (long) i * CONTROL_OCTETS);
      headers.set(JAVA_LONG, header(i) + 40, withArrival ? CONTROL_OCTETS : 0);
    }
  }

  /** Octets of a message that was received. */
  public int octets(int index) {
    return headers.get(JAVA_INT, header(index) + 56);
  }

  /**
   * When the system got a message, in nanoseconds of the wall clock since 1970; 0 when it does not
   * say. Only with {@link SocketOption#TIMESTAMPS}.
   */
  public long arrivalNanos(int index) {
    long at = (long) index * CONTROL_OCTETS;
    boolean told = headers.get(JAVA_LONG, header(index) + 40) >= 32;
    if (!told
        || controls.get(JAVA_INT, at + 8) != SOL_SOCKET
        || controls.get(JAVA_INT, at + 12) != SocketOption.TIMESTAMPS.number()) {
      return 0;
    }
    return controls.get(JAVA_LONG_UNALIGNED, at + 16) * 1_000_000_000L
        + controls.get(JAVA_LONG_UNALIGNED, at + 24);
  }
}
