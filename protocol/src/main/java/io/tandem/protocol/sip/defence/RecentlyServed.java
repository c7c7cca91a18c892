package io.tandem.protocol.sip.defence;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.random.RandomGenerator;

/**
 * Which datagrams were served a moment ago: a repetition is the same octets again, and a request
 * that was let in must not be refused because its repetition comes late. Of bounded size; a later
 * one may take an earlier one's place, which costs that one its privilege and no more. Asked for
 * each request under overload, so eight octets are hashed at a time, with a key that nobody knows:
 * who could make two datagrams alike would not be refused.
 */
public final class RecentlyServed {
  private static final int PLACES = 1 << 16;
  private static final int ROTATED = 27;
  private static final VarHandle EIGHT =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private final long[] places = new long[PLACES];
  private final long key;
  private final long factor;

  /**
   * @param random unguessable
   */
  public RecentlyServed(RandomGenerator random) {
    key = random.nextLong();
    factor = random.nextLong() | 1;
  }

  /** Notes one. */
  public void add(byte[] datagram) {
    long hash = hash(datagram);
    places[place(hash)] = hash;
  }

  /** Whether the same octets were served. */
  public boolean contains(byte[] datagram) {
    long hash = hash(datagram);
    return places[place(hash)] == hash;
  }

  private static int place(long hash) {
    return (int) ((hash ^ (hash >>> 32)) & (PLACES - 1));
  }

  /** Never zero, which is an empty place. */
  private long hash(byte[] datagram) {
    long hash = key ^ datagram.length;
    int at = 0;
    for (; at + Long.BYTES <= datagram.length; at += Long.BYTES) {
      hash = Long.rotateLeft((hash ^ (long) EIGHT.get(datagram, at)) * factor, ROTATED);
    }
    for (; at < datagram.length; at++) {
      hash = Long.rotateLeft((hash ^ datagram[at]) * factor, ROTATED);
    }
    hash *= factor;
    return hash == 0 ? 1 : hash;
  }
}
