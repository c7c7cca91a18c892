package io.tandem.persistence.journal;

import com.github.f4b6a3.ulid.Ulid;
import com.github.f4b6a3.ulid.UlidFactory;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;

/**
 * Ids that carry their time: {@code call_01J9ZK…}, a prefix and a ULID, sorting by age.
 *
 * <p>Ids derived from one keep its time: {@code call_01J9ZK…/o1/hold} is as old as its call, which
 * lets an entity refuse a command older than its memory without having stored it.
 */
public final class TimedId {

  private static final UlidFactory MONOTONIC = UlidFactory.newMonotonicInstance();

  private TimedId() {}

  /** A new id at the present instant; strictly later than the one before it in this process. */
  public static String next(String prefix) {
    return prefix + '_' + MONOTONIC.create();
  }

  /** A new id at a given instant, for virtual clocks; two at one instant have no order. */
  public static String at(String prefix, Instant instant) {
    return prefix + '_' + new Ulid(instant.toEpochMilli(), Ulid.fast().getRandom());
  }

  /** What sorts after every id of this prefix from before an instant, and before all later ones. */
  public static String bound(String prefix, Instant instant) {
    return prefix + '_' + Ulid.min(instant.toEpochMilli());
  }

  /**
   * The id of something known by other marks: the same instant and marks give the same id.
   *
   * @param marks at least 10 bytes that tell it from others of that instant, such as a hash
   */
  public static String derived(String prefix, Instant instant, byte[] marks) {
    return prefix + '_' + new Ulid(instant.toEpochMilli(), Arrays.copyOf(marks, Ulid.RANDOM_BYTES));
  }

  /**
   * The instant in an id, to the millisecond: that of its first segment that has one. Empty for a
   * text that is not made by this class.
   */
  public static Optional<Instant> timeOf(String id) {
    long millis = millisOf(id);
    return millis < 0 ? Optional.empty() : Optional.of(Instant.ofEpochMilli(millis));
  }

  /** The same in milliseconds since 1970; less than zero where there is none. */
  public static long millisOf(String id) {
    int from = 0;
    while (from <= id.length()) {
      int slash = id.indexOf('/', from);
      int to = slash < 0 ? id.length() : slash;
      int ulid = to - Ulid.ULID_CHARS;
      if (ulid > from && id.charAt(ulid - 1) == '_') {
        String text = id.substring(ulid, to);
        if (Ulid.isValid(text)) {
          return Ulid.getTime(text);
        }
      }
      from = to + 1;
    }
    return -1;
  }
}
