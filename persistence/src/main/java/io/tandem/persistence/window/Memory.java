package io.tandem.persistence.window;

import io.tandem.persistence.journal.TimedId;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.pcollections.PSortedMap;
import org.pcollections.TreePMap;

/**
 * What was done under which id, for as long as a repetition can come. Ids carry their time ({@link
 * TimedId}); what is older than {@code before} is forgotten, and an id of that age that is not here
 * {@linkplain #tooOld cannot be told any more}. That bound is moved by events alone, never by a
 * reader's clock, so no clock step can make a thing be forgotten and still be accepted. Ids that
 * carry no time are kept for good.
 *
 * @param byAge what was done, by age and then id
 * @param before ids of an earlier time may have been forgotten
 */
public record Memory<V>(PSortedMap<String, V> byAge, Instant before) {

  private static final String TIMELESS = "~";
  private static final String HEXADECIMAL = "0123456789abcdef";
  private static final int AGE_DIGITS = 11;

  /** Nothing done, nothing forgotten. */
  public static <V> Memory<V> empty() {
    return new Memory<>(TreePMap.empty(), Instant.EPOCH);
  }

  /** What was done under this id, if it is still known. */
  public Optional<V> of(String id) {
    return byAge.isEmpty() ? Optional.empty() : Optional.ofNullable(byAge.get(key(id)));
  }

  /** Whether the id is from before this memory and not in it: it may have been done or not. */
  public boolean tooOld(String id) {
    return before.isAfter(Instant.EPOCH)
        && !byAge.containsKey(key(id))
        && TimedId.timeOf(id).map(before::isAfter).orElse(false);
  }

  /** With one more thing done, or known better. */
  public Memory<V> with(String id, V done) {
    return new Memory<>(byAge.plus(key(id), done), before);
  }

  /**
   * Without what is older than {@code horizon}; an earlier horizon than the present one changes
   * nothing.
   */
  public Memory<V> forgetBefore(Instant horizon) {
    if (!horizon.isAfter(before)) {
      return this;
    }
    PSortedMap<String, V> kept = byAge;
    long bound = horizon.toEpochMilli();
    for (String oldest = first(kept);
        oldest != null && millis(oldest) < bound;
        oldest = first(kept)) {
      kept = kept.minus(oldest);
    }
    return new Memory<>(kept, horizon);
  }

  private static @Nullable String first(PSortedMap<String, ?> map) {
    return map.isEmpty() ? null : map.firstKey();
  }

  /** The age at the beginning of a key, as {@link #age} writes it. */
  private static long millis(String key) {
    return key.startsWith(TIMELESS)
        ? Long.MAX_VALUE
        : HexFormat.fromHexDigitsToLong(key, 0, AGE_DIGITS);
  }

  private static String key(String id) {
    long millis = TimedId.millisOf(id);
    return (millis < 0 ? TIMELESS : age(millis)) + id;
  }

  /**
   * Milliseconds since the epoch in eleven hexadecimal digits: sorts by age until the year 2527.
   */
  private static String age(long millis) {
    byte[] text = new byte[AGE_DIGITS + 1];
    text[AGE_DIGITS] = '|';
    long rest = millis;
    for (int i = AGE_DIGITS - 1; i >= 0; i--) {
      text[i] = (byte) HEXADECIMAL.charAt((int) rest & 0xF);
      rest >>>= 4;
    }
    return new String(text, StandardCharsets.ISO_8859_1);
  }
}
