package io.tandem.protocol.media.srtp;

/**
 * What is remembered of one synchronization source: its rollover counter, highest sequence number
 * and which of the last packets passed (RFC 3711 3.3.1 and 3.3.2). Pure: the index is estimated
 * first and kept only when the packet proved genuine.
 */
final class SourceHistory {
  /** Packets remembered; 64 is the RFC's least, and 20 s of voice lets every late one in. */
  static final int WINDOW_PACKETS = 1024;

  private static final int WORDS = WINDOW_PACKETS / 64;

  /** The index space of RTP is 48 bits wide. */
  private static final long MAX_INDEX = (1L << 48) - 1;

  private int ssrc;
  private final long[] seen = new long[WORDS];
  private long highest = -1;

  SourceHistory(int ssrc) {
    this.ssrc = ssrc;
  }

  int ssrc() {
    return ssrc;
  }

  /** Before any packet passed: stands for another source from now on. */
  void standFor(int other) {
    ssrc = other;
  }

  /**
   * The 48-bit index this sequence number stands for, nearest to the highest so far; may be
   * negative.
   */
  long estimate(int sequence) {
    if (highest < 0) {
      return sequence;
    }
    long rollover = highest >>> 16;
    int last = (int) highest & 0xffff;
    if (last < 0x8000) {
      if (sequence - last > 0x8000) {
        rollover--;
      }
    } else if (last - 0x8000 > sequence) {
      rollover++;
    }
    return (rollover << 16) + sequence;
  }

  /** Zero when a packet of this index may pass, else the code of a {@link SrtpRefusal}. */
  int check(long index) {
    if (index > MAX_INDEX) {
      return SrtpRefusal.KEYS_WORN_OUT.code();
    }
    if (index < 0 || highest - index >= WINDOW_PACKETS) {
      return SrtpRefusal.TOO_OLD.code();
    }
    return index <= highest && isSeen(index) ? SrtpRefusal.REPLAYED.code() : 0;
  }

  /** The packet of this index passed. */
  void passed(long index) {
    if (index > highest) {
      long from = Math.max(highest + 1, index - WINDOW_PACKETS + 1);
      for (long skipped = from; skipped < index; skipped++) {
        seen[word(skipped)] &= ~bit(skipped);
      }
      highest = index;
    }
    seen[word(index)] |= bit(index);
  }

  private boolean isSeen(long index) {
    return (seen[word(index)] & bit(index)) != 0;
  }

  private static int word(long index) {
    return (int) (index >>> 6) & (WORDS - 1);
  }

  private static long bit(long index) {
    return 1L << (index & 63);
  }
}
