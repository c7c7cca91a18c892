package io.tandem.protocol.sip.trunk;

import java.util.Locale;
import java.util.Optional;

/**
 * How a carrier writes numbers. Inside, a number is its E.164 digits without a plus.
 *
 * @param country calling code of national numbers
 * @param trunkPrefix before a national number; may be empty
 * @param internationalPrefix before a foreign number
 * @param technicalPrefix before every number that we send; may be empty
 */
public record NumberPlan(
    Style style,
    String country,
    String trunkPrefix,
    String internationalPrefix,
    String technicalPrefix) {
  private static final int E164_MAX = 15;
  private static final int E164_MIN = 7;

  /** The forms. */
  public enum Style {
    /** {@code +12125550123}. */
    PLUS,
    /** {@code 12125550123}. */
    DIGITS,
    /** {@code 2125550123} at home, {@code 011 44 …} abroad. */
    NATIONAL;

    /** By its name; {@link #PLUS} for one that is not known. */
    public static Style named(String name) {
      for (Style style : values()) {
        if (style.name().equals(name.toUpperCase(Locale.ROOT))) {
          return style;
        }
      }
      return PLUS;
    }
  }

  /** The user part of a URI for a number that is called. */
  public String written(String e164) {
    return technicalPrefix + presented(e164);
  }

  /** The same for a number that calls: nothing is routed by it. */
  public String presented(String e164) {
    return switch (style) {
      case PLUS -> "+" + e164;
      case DIGITS -> e164;
      case NATIONAL ->
          e164.startsWith(country)
              ? trunkPrefix + e164.substring(country.length())
              : internationalPrefix + e164;
    };
  }

  /** The number that a user part means; empty when it is none. */
  public Optional<String> read(String user) {
    String dialled = bare(user);
    if (dialled.startsWith("+")) {
      return e164(dialled.substring(1));
    }
    if (style != Style.NATIONAL) {
      return e164(dialled);
    }
    if (!internationalPrefix.isEmpty() && dialled.startsWith(internationalPrefix)) {
      return e164(dialled.substring(internationalPrefix.length()));
    }
    if (!trunkPrefix.isEmpty() && dialled.startsWith(trunkPrefix)) {
      return e164(country + dialled.substring(trunkPrefix.length()));
    }
    return e164(country + dialled);
  }

  /** Without parameters of the user part and what is there for people to read (RFC 3966 5.1.1). */
  private static String bare(String user) {
    int semicolon = user.indexOf(';');
    return (semicolon < 0 ? user : user.substring(0, semicolon)).replaceAll("[-.()]", "");
  }

  private static Optional<String> e164(String digits) {
    return isNumber(digits) ? Optional.of(digits) : Optional.empty();
  }

  /** Whether this is what E.164 digits look like. */
  public static boolean isNumber(String digits) {
    return digits.length() >= E164_MIN
        && digits.length() <= E164_MAX
        && digits.charAt(0) != '0'
        && digits.chars().allMatch(c -> c >= '0' && c <= '9');
  }
}
