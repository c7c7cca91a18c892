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

  /** Whether it is that position or one before it. */
  boolean isUpTo(FeedPosition other) {
    return compareTo(other) <= 0;
  }
}
