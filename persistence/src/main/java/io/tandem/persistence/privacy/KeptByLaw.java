package io.tandem.persistence.privacy;

import io.tandem.persistence.journal.DataClass;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;

/**
 * For how long the law wants classes of personal data kept, whoever asks for their erasure (PRV-9):
 * counted from the end of the month in which a value came about. Pure.
 *
 * @param periods a class that is not there is not kept
 */
public record KeptByLaw(Map<DataClass, Duration> periods) {

  /** Nothing is. */
  public static final KeptByLaw NOTHING = new KeptByLaw(Map.of());

  public KeptByLaw {
    periods = Map.copyOf(periods);
  }

  /**
   * Until when a month of a class is kept; empty where the law says nothing of it.
   *
   * @param month such as {@code 2026-11}
   */
  public Optional<Instant> until(DataClass dataClass, String month) {
    return Optional.ofNullable(periods.get(dataClass))
        .map(
            period ->
                YearMonth.parse(month)
                    .plusMonths(1)
                    .atDay(1)
                    .atStartOfDay(ZoneOffset.UTC)
                    .toInstant()
                    .plus(period));
  }

  /** Until when the last of some months is kept. */
  Optional<Instant> until(DataClass dataClass, Collection<String> months) {
    return months.stream()
        .flatMap(month -> until(dataClass, month).stream())
        .max(Instant::compareTo);
  }
}
