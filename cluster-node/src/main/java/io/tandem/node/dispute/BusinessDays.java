package io.tandem.node.dispute;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.function.Predicate;

/**
 * Days that are neither weekend nor holiday, counted in an account's time zone (DSP-1).
 *
 * @param holidays whether a holiday is kept on a day
 */
public record BusinessDays(Predicate<LocalDate> holidays) {

  /** By the US federal calendar. */
  public static final BusinessDays FEDERAL = new BusinessDays(new FederalHolidays());

  /** Whether business is done on this day. */
  public boolean has(LocalDate day) {
    return day.getDayOfWeek() != DayOfWeek.SATURDAY
        && day.getDayOfWeek() != DayOfWeek.SUNDAY
        && !holidays.test(day);
  }

  /**
   * The end of the n-th business day after the day of an instant: the first instant that is too
   * late. The day itself does not count, whatever its hour.
   */
  public Instant endOfNth(int n, Instant after, ZoneId zone) {
    LocalDate day = after.atZone(zone).toLocalDate();
    for (int left = n; left > 0; ) {
      day = day.plusDays(1);
      left -= has(day) ? 1 : 0;
    }
    return day.plusDays(1).atStartOfDay(zone).toInstant();
  }
}
