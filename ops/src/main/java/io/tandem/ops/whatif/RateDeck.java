package io.tandem.ops.whatif;

import io.tandem.persistence.money.Money;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Rates by the minute, found by the longest prefix of the called number and the moment of the call:
 * connection fee, minimum and increment as carriers write them (TEL-3, such as 60/60 or 30/6).
 * Pure.
 *
 * <p>As text: a heading and a line a rate, {@code
 * prefix,from,fee,perMinute,minimumSeconds,incrementSeconds,currency}. A prefix is digits without
 * plus, empty for every number; of the rates of the longest prefix that has any by then, the newest
 * counts. Amounts have up to six decimals; what comes of a part of a minute is rounded half up to a
 * millionth.
 */
public final class RateDeck {
  private static final String HEADING =
      "prefix,from,fee,perMinute,minimumSeconds,incrementSeconds,currency";
  private static final int COLUMNS = 7;
  private static final int SECONDS_MAX = 3_600;
  private static final BigDecimal MINUTE = BigDecimal.valueOf(60);

  private record Rate(Money fee, Money perMinute, int minimumSeconds, int incrementSeconds) {
    Money of(long connectedMillis) {
      long seconds = Math.max(Math.ceilDiv(connectedMillis, 1_000L), minimumSeconds);
      long billed = Math.ceilDiv(seconds, (long) incrementSeconds) * incrementSeconds;
      long micros =
          BigDecimal.valueOf(perMinute.micros())
              .multiply(BigDecimal.valueOf(billed))
              .divide(MINUTE, 0, RoundingMode.HALF_UP)
              .longValueExact();
      return new Money(Math.addExact(fee.micros(), micros), fee.currency());
    }
  }

  private final Map<String, TreeMap<Instant, Rate>> rates = new HashMap<>();

  private RateDeck() {}

  /**
   * Reads a deck.
   *
   * @throws IllegalArgumentException naming the line and what is wrong with it
   */
  public static RateDeck parse(List<String> lines) {
    if (lines.isEmpty() || !lines.getFirst().strip().equals(HEADING)) {
      throw new IllegalArgumentException("line 1: the heading is " + HEADING);
    }
    RateDeck deck = new RateDeck();
    for (int i = 1; i < lines.size(); i++) {
      if (!lines.get(i).isBlank()) {
        try {
          deck.add(lines.get(i).strip().split(",", -1));
        } catch (IllegalArgumentException | ArithmeticException | DateTimeException e) {
          throw new IllegalArgumentException("line " + (i + 1) + ": " + e.getMessage(), e);
        }
      }
    }
    if (deck.rates.isEmpty()) {
      throw new IllegalArgumentException("there is no rate in it");
    }
    return deck;
  }

  private void add(String[] columns) {
    if (columns.length != COLUMNS || !columns[0].matches("[0-9]{0,15}")) {
      throw new IllegalArgumentException("columns are " + HEADING);
    }
    Rate rate =
        new Rate(
            money(columns[2], columns[6]),
            money(columns[3], columns[6]),
            seconds(columns[4], 0),
            seconds(columns[5], 1));
    if (rates
            .computeIfAbsent(columns[0], prefix -> new TreeMap<>())
            .put(Instant.parse(columns[1]), rate)
        != null) {
      throw new IllegalArgumentException("there is a rate of this prefix and moment already");
    }
  }

  private static Money money(String amount, String currency) {
    if (!amount.matches("[0-9]{1,9}(\\.[0-9]{1,6})?") || !currency.matches("[A-Z]{3}")) {
      throw new IllegalArgumentException("an amount is such as 0.0125, a currency such as USD");
    }
    return new Money(new BigDecimal(amount).movePointRight(6).longValueExact(), currency);
  }

  private static int seconds(String text, int least) {
    int seconds = text.matches("[0-9]{1,4}") ? Integer.parseInt(text) : -1;
    if (seconds < least || seconds > SECONDS_MAX) {
      throw new IllegalArgumentException(
          "found " + text + ", allowed: seconds from " + least + " to " + SECONDS_MAX);
    }
    return seconds;
  }

  /**
   * What a call costs that was connected for so long; empty where the deck has no rate for it.
   *
   * @param calledNumber E.164, with or without plus
   * @param offeredAt which of the rates of a prefix counts
   */
  public Optional<Money> charge(String calledNumber, Instant offeredAt, long connectedMillis) {
    List<String> prefixes = new ArrayList<>();
    String digits = calledNumber.startsWith("+") ? calledNumber.substring(1) : calledNumber;
    for (int length = digits.length(); length >= 0; length--) {
      prefixes.add(digits.substring(0, length));
    }
    return prefixes.stream()
        .map(rates::get)
        .filter(java.util.Objects::nonNull)
        .map(byTime -> byTime.floorEntry(offeredAt))
        .filter(java.util.Objects::nonNull)
        .findFirst()
        .map(entry -> entry.getValue().of(connectedMillis));
  }
}
