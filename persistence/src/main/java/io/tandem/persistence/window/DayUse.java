package io.tandem.persistence.window;

import io.tandem.persistence.money.Money;
import java.time.LocalDate;
import org.pcollections.HashTreePMap;
import org.pcollections.PMap;

/**
 * How much of a daily cap is used (MKT-10). A call belongs to the day it was admitted on, however
 * late it ends; what ends for an earlier day than {@code date} changes nothing, because no cap of
 * that day is looked at again.
 *
 * @param date the latest day with a call
 * @param calls calls of that day that count
 * @param reservedMicros worst price of that day's running calls, by currency
 * @param chargedMicros what that day's ended calls were charged, by currency
 */
public record DayUse(
    LocalDate date,
    int calls,
    PMap<String, Long> reservedMicros,
    PMap<String, Long> chargedMicros) {

  /** No use yet. */
  public static final DayUse NONE = fresh(LocalDate.EPOCH);

  private static DayUse fresh(LocalDate date) {
    return new DayUse(date, 0, HashTreePMap.empty(), HashTreePMap.empty());
  }

  /** The use of {@code day}: this where it is the day, nothing where the day is a later one. */
  public DayUse on(LocalDate day) {
    return day.isAfter(date) ? fresh(day) : this;
  }

  /** A call of {@code day} was admitted; {@code worst} is set aside of the day's budget. */
  public DayUse admitted(LocalDate day, Money worst) {
    DayUse use = on(day);
    return day.isBefore(use.date)
        ? use
        : new DayUse(use.date, use.calls + 1, add(use.reservedMicros, worst, 1), use.chargedMicros);
  }

  /**
   * A call of {@code day} ended.
   *
   * @param worst what was set aside for it
   * @param charged what it was charged
   * @param counts whether it still counts as one of the day's calls
   */
  public DayUse ended(LocalDate day, Money worst, Money charged, boolean counts) {
    return day.equals(date)
        ? new DayUse(
            date,
            counts ? calls : calls - 1,
            add(reservedMicros, worst, -1),
            add(chargedMicros, charged, 1))
        : this;
  }

  /** What is charged and set aside in a currency; the largest number where it would overflow. */
  public long usedMicros(String currency) {
    return saturated(
        reservedMicros.getOrDefault(currency, 0L), chargedMicros.getOrDefault(currency, 0L));
  }

  private static PMap<String, Long> add(PMap<String, Long> micros, Money amount, int sign) {
    if (amount.micros() == 0) {
      return micros;
    }
    long sum = saturated(micros.getOrDefault(amount.currency(), 0L), sign * amount.micros());
    return sum == 0 ? micros.minus(amount.currency()) : micros.plus(amount.currency(), sum);
  }

  private static long saturated(long a, long b) {
    long sum = a + b;
    boolean overflow = ((a ^ sum) & (b ^ sum)) < 0;
    return overflow ? (a < 0 ? Long.MIN_VALUE : Long.MAX_VALUE) : sum;
  }
}
