package io.tandem.persistence.money;

/**
 * An amount of one currency in millionths of its unit (WAL-1): {@code 12.50 USD} is {@code
 * 12_500_000}.
 *
 * @param micros millionths of the currency unit; may be negative
 * @param currency ISO 4217 code, three upper-case letters
 */
public record Money(long micros, String currency) implements Comparable<Money> {

  /** Micros in one unit of a currency. */
  public static final long MICROS_PER_UNIT = 1_000_000L;

  /** Refuses a currency that is not three upper-case letters. */
  public Money {
    if (currency.length() != 3
        || !isLetter(currency.charAt(0))
        || !isLetter(currency.charAt(1))
        || !isLetter(currency.charAt(2))) {
      throw new IllegalArgumentException(
          "currency: found '" + currency + "', allowed: an ISO 4217 code such as USD");
    }
  }

  private static boolean isLetter(char c) {
    return c >= 'A' && c <= 'Z';
  }

  /** No money of this currency. */
  public static Money zero(String currency) {
    return new Money(0, currency);
  }

  /** Whole units, for tests and configuration: {@code ofUnits(25, "USD")}. */
  public static Money ofUnits(long units, String currency) {
    return new Money(Math.multiplyExact(units, MICROS_PER_UNIT), currency);
  }

  /**
   * The sum.
   *
   * @throws ArithmeticException on overflow or when currencies differ: both are to be refused
   *     before
   */
  public Money plus(Money other) {
    return new Money(Math.addExact(micros, sameCurrency(other).micros), currency);
  }

  /**
   * The difference.
   *
   * @throws ArithmeticException on overflow or when currencies differ: both are to be refused
   *     before
   */
  public Money minus(Money other) {
    return new Money(Math.subtractExact(micros, sameCurrency(other).micros), currency);
  }

  /** The same amount with the other sign. */
  public Money negated() {
    return new Money(Math.negateExact(micros), currency);
  }

  /** Whether this is more than nothing. */
  public boolean isPositive() {
    return micros > 0;
  }

  /** Whether this is less than nothing. */
  public boolean isNegative() {
    return micros < 0;
  }

  @Override
  public int compareTo(Money other) {
    return Long.compare(micros, sameCurrency(other).micros);
  }

  private Money sameCurrency(Money other) {
    if (!currency.equals(other.currency)) {
      throw new ArithmeticException(
          "currencies never meet: " + currency + " and " + other.currency);
    }
    return other;
  }

  /** For people: {@code 12.50 USD}, with up to six decimals where they are needed. */
  @Override
  public String toString() {
    long abs = Math.abs(micros);
    // six decimals, of which zeros after the second are left out; a leading one keeps the others in
    // place
    String decimals = Long.toString(MICROS_PER_UNIT + abs % MICROS_PER_UNIT);
    int end = decimals.length();
    while (end > 3 && decimals.charAt(end - 1) == '0') {
      end--;
    }
    return (micros < 0 ? "-" : "")
        + abs / MICROS_PER_UNIT
        + "."
        + decimals.substring(1, end)
        + " "
        + currency;
  }
}
