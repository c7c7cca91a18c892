package io.tandem.persistence.readmodel;

import java.util.Comparator;

/**
 * A place in the ordered journal: everything up to and with it has been seen.
 *
 * @param txid the writing transaction on PostgreSQL, 0 on H2
 * @param ordering the row's number
 */
public record FeedPosition(long txid, long ordering) implements Comparable<FeedPosition> {

  /** Before the first event. */
  public static final FeedPosition START = new FeedPosition(0, 0);

  /** After every event there will be. */
  public static final FeedPosition END = new FeedPosition(Long.MAX_VALUE, Long.MAX_VALUE);

  private static final Comparator<FeedPosition> ORDER =
      Comparator.comparingLong(FeedPosition::txid).thenComparingLong(FeedPosition::ordering);

  @Override
  public int compareTo(FeedPosition other) {
    return ORDER.compare(this, other);
  }

  /**
   * Reads what {@link #toString} writes.
   *
   * @throws IllegalArgumentException for anything else
   */
  public static FeedPosition of(String text) {
    int colon = text.indexOf(':');
    if (colon < 1) {
      throw new IllegalArgumentException(
          "found '" + text + "', allowed: a position such as 7421:90312");
    }
    return new FeedPosition(
        Long.parseLong(text.substring(0, colon)), Long.parseLong(text.substring(colon + 1)));
  }

  /** {@code TXID:ORDERING}. */
  @Override
  public String toString() {
    return txid + ":" + ordering;
  }

  /** Whether it is that position or one before it. */
  boolean isUpTo(FeedPosition other) {
    return compareTo(other) <= 0;
  }
}
