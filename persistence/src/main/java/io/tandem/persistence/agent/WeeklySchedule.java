package io.tandem.persistence.agent;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.List;

/**
 * Opening hours of a week in a time zone. No hours at all means always open.
 *
 * @param zone IANA zone, for example {@code America/New_York}
 * @param open spans of a day; {@code to} is exclusive, and a {@code to} that is not after {@code
 *     from} ends at midnight
 */
public record WeeklySchedule(ZoneId zone, List<Span> open) {

  /** One span of a day. */
  public record Span(DayOfWeek day, LocalTime from, LocalTime to) {}

  /** Open at all times, with days counted in {@code zone}. */
  public static WeeklySchedule always(ZoneId zone) {
    return new WeeklySchedule(zone, List.of());
  }

  /**
   * Whether it is open at {@code now}, by the wall clock of the zone (daylight saving included).
   */
  public boolean isOpen(Instant now) {
    if (open.isEmpty()) {
      return true;
    }
    ZonedDateTime local = now.atZone(zone);
    LocalTime time = local.toLocalTime();
    for (Span span : open) {
      boolean untilMidnight = !span.to().isAfter(span.from());
      if (span.day() == local.getDayOfWeek()
          && !time.isBefore(span.from())
          && (untilMidnight || time.isBefore(span.to()))) {
        return true;
      }
    }
    return false;
  }
}
