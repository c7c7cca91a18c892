package io.tandem.node.dispute;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Against the lists that the Office of Personnel Management publishes year by year. */
class BusinessDaysTest {
  private static final ZoneId NEW_YORK = ZoneId.of("America/New_York");

  @ParameterizedTest
  @CsvSource({
    "2026, 01-01 01-19 02-16 05-25 06-19 07-03 09-07 10-12 11-11 11-26 12-25",
    "2027, 01-01 01-18 02-15 05-31 06-18 07-05 09-06 10-11 11-11 11-25 12-24",
    "2023, 01-02 01-16 02-20 05-29 06-19 07-04 09-04 10-09 11-10 11-23 12-25",
    "2028, 01-17 02-21 05-29 06-19 07-04 09-04 10-09 11-10 11-23 12-25",
  })
  void the_federal_holidays_of_a_year_are_kept_on_these_days(int year, String days) {
    assertThat(FederalHolidays.kept(year))
        .containsAll(
            Arrays.stream(days.split(" ")).map(d -> LocalDate.parse(year + "-" + d))::iterator);
    assertThat(FederalHolidays.kept(year)).hasSize(11);
  }

  @Test
  void a_new_years_day_on_a_saturday_is_kept_on_the_last_day_of_the_year_before() {
    FederalHolidays holidays = new FederalHolidays();

    assertThat(holidays.test(LocalDate.of(2027, 12, 31))).isTrue();
    assertThat(BusinessDays.FEDERAL.has(LocalDate.of(2027, 12, 31))).isFalse();
    assertThat(holidays.test(LocalDate.of(2026, 12, 31))).isFalse();
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "an ordinary Monday,            2026-03-02T10:00, 2026-03-10T00:00",
    "its last second,               2026-03-02T23:59:59, 2026-03-10T00:00",
    "a Friday,                      2026-03-06T10:00, 2026-03-14T00:00",
    "a Saturday,                    2026-03-07T10:00, 2026-03-14T00:00",
    "a Sunday,                      2026-03-08T01:30, 2026-03-14T00:00",
    "Thanksgiving in between,       2026-11-23T10:00, 2026-12-02T00:00",
    "on the holiday itself,         2026-11-26T10:00, 2026-12-04T00:00",
    "July 4th on a Saturday,        2026-07-01T10:00, 2026-07-10T00:00",
    "July 4th on a Sunday,          2027-07-02T10:00, 2027-07-13T00:00",
    "Christmas and a kept New Year, 2027-12-23T10:00, 2028-01-04T00:00",
  })
  void a_dispute_can_be_filed_until_the_end_of_the_fifth_business_day(
      String what, String call, String tooLate) {
    assertThat(BusinessDays.FEDERAL.endOfNth(5, local(call, NEW_YORK), NEW_YORK))
        .as(what)
        .isEqualTo(local(tooLate, NEW_YORK));
  }

  @Test
  void the_day_of_the_call_is_the_accounts_own() {
    Instant call =
        Instant.parse("2026-03-07T04:00:00Z"); // Friday night in New York, Saturday in UTC

    assertThat(BusinessDays.FEDERAL.endOfNth(5, call, NEW_YORK))
        .isEqualTo(local("2026-03-14T00:00", NEW_YORK))
        .isEqualTo(Instant.parse("2026-03-14T04:00:00Z")); // daylight saving time has begun
    ZoneId honolulu = ZoneId.of("Pacific/Honolulu");
    assertThat(BusinessDays.FEDERAL.endOfNth(5, call, honolulu))
        .isEqualTo(local("2026-03-14T00:00", honolulu));
  }

  @Test
  void without_holidays_only_weekends_are_left_out() {
    BusinessDays plain = new BusinessDays(day -> false);

    assertThat(plain.endOfNth(5, local("2026-11-23T10:00", NEW_YORK), NEW_YORK))
        .isEqualTo(local("2026-12-01T00:00", NEW_YORK));
  }

  private static Instant local(String text, ZoneId zone) {
    return LocalDateTime.parse(text).atZone(zone).toInstant();
  }
}
