package io.tandem.protocol.sip.defence;

/**
 * Which datagrams were served a moment ago: a repetition is the same octets again, and a request
 * that was let in must not be refused because its repetition comes late. Of bounded size; a later
 * one may take an earlier one's place, which costs that one its privilege and no more.
 */
public final class RecentlyServed {
  private static final int PLACES = 1 << 16;
  private static final long PRIME = 0x100000001b3L;
  private static final long BASIS = 0xcbf29ce484222325L;

  private final long[] places = new long[PLACES];

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

  /** FNV-1a; never zero, which is an empty place. */
  private static long hash(byte[] datagram) {
    long hash = BASIS;
    for (byte octet : datagram) {
      hash = (hash ^ octet) * PRIME;
    }
    return hash == 0 ? 1 : hash;
  }
}
