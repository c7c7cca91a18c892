package io.tandem.node.dispute;

import static java.time.DayOfWeek.MONDAY;
import static java.time.DayOfWeek.SATURDAY;
import static java.time.DayOfWeek.SUNDAY;
import static java.time.DayOfWeek.THURSDAY;
import static java.time.Month.DECEMBER;
import static java.time.Month.FEBRUARY;
import static java.time.Month.JANUARY;
import static java.time.Month.JULY;
import static java.time.Month.JUNE;
import static java.time.Month.MAY;
import static java.time.Month.NOVEMBER;
import static java.time.Month.OCTOBER;
import static java.time.Month.SEPTEMBER;
import static java.time.temporal.TemporalAdjusters.dayOfWeekInMonth;
import static java.time.temporal.TemporalAdjusters.lastInMonth;

import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.Month;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The legal public holidays of the United States (5 U.S.C. 6103): a day on which one is kept is no
 * business day. One that falls on a Sunday is kept on the Monday after, on a Saturday on the Friday
 * before. Inauguration Day, kept in and around Washington alone, is none.
 */
final class FederalHolidays implements Predicate<LocalDate> {

  /** Whether a holiday is kept on this day. */
  @Override
  public boolean test(LocalDate day) {
    // New Year's Day of the next year may be kept on the last day of this one
    return kept(day.getYear()).contains(day)
        || day.equals(kept(LocalDate.of(day.getYear() + 1, JANUARY, 1)));
  }

  /** When the holidays of a year are kept. */
  static Set<LocalDate> kept(int year) {
    return Stream.of(
            kept(LocalDate.of(year, JANUARY, 1)), // New Year's Day
            nth(year, JANUARY, 3, MONDAY), // Birthday of Martin Luther King, Jr.
            nth(year, FEBRUARY, 3, MONDAY), // Washington's Birthday
            LocalDate.of(year, MAY, 1).with(lastInMonth(MONDAY)), // Memorial Day
            kept(LocalDate.of(year, JUNE, 19)), // Juneteenth
            kept(LocalDate.of(year, JULY, 4)), // Independence Day
            nth(year, SEPTEMBER, 1, MONDAY), // Labor Day
            nth(year, OCTOBER, 2, MONDAY), // Columbus Day
            kept(LocalDate.of(year, NOVEMBER, 11)), // Veterans Day
            nth(year, NOVEMBER, 4, THURSDAY), // Thanksgiving Day
            kept(LocalDate.of(year, DECEMBER, 25))) // Christmas Day
        .collect(Collectors.toUnmodifiableSet());
  }

  private static LocalDate nth(int year, Month month, int ordinal, DayOfWeek day) {
    return LocalDate.of(year, month, 1).with(dayOfWeekInMonth(ordinal, day));
  }

  private static LocalDate kept(LocalDate holiday) {
    DayOfWeek day = holiday.getDayOfWeek();
    return day == SATURDAY ? holiday.minusDays(1) : day == SUNDAY ? holiday.plusDays(1) : holiday;
  }
}
