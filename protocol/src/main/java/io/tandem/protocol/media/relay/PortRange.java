package io.tandem.protocol.media.relay;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The UDP ports the anchor may use, both ends included: even ports carry RTP, the odd one above
 * each carries its RTCP (RFC 3550 §11).
 *
 * @param first lowest port, 1024 or more
 * @param last highest port, 65535 or less
 */
public record PortRange(int first, int last) {
  private static final Pattern TEXT = Pattern.compile("(\\d{1,5})-(\\d{1,5})");

  /**
   * @throws IllegalArgumentException when the range is no range or holds no even/odd pair for two
   *     legs
   */
  public PortRange {
    if (first < 1024 || last > 65535 || first > last) {
      throw new IllegalArgumentException(
          "an RTP port range lies within 1024-65535, found " + first + "-" + last);
    }
    if (pairs(first, last) < 2) {
      throw new IllegalArgumentException(
          "an RTP port range holds at least two even/odd pairs, found " + first + "-" + last);
    }
  }

  /**
   * Reads {@code 10000-20000}.
   *
   * @throws IllegalArgumentException when the text is not of that form
   */
  public static PortRange parse(String text) {
    Matcher matcher = TEXT.matcher(text.strip());
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "an RTP port range is written like 10000-20000, found \"" + text + "\"");
    }
    return new PortRange(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)));
  }

  /** Number of even/odd pairs in the range; a call takes two. */
  public int pairs() {
    return pairs(first, last);
  }

  /** The lowest even port. */
  public int firstEven() {
    return first + (first & 1);
  }

  private static int pairs(int first, int last) {
    return (last + 1 - (first + (first & 1))) / 2;
  }

  @Override
  public String toString() {
    return first + "-" + last;
  }
}
