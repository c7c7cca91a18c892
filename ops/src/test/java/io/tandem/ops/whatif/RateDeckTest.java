package io.tandem.ops.whatif;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.tandem.persistence.money.Money;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RateDeckTest {
  private static final String HEADING =
      "prefix,from,fee,perMinute,minimumSeconds,incrementSeconds,currency";
  private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");

  private static final RateDeck DECK =
      RateDeck.parse(
          List.of(
              HEADING,
              ",2020-01-01T00:00:00Z,0,1.00,60,60,USD",
              "1,2020-01-01T00:00:00Z,0.01,0.60,30,6,USD",
              "1212,2020-01-01T00:00:00Z,0,0.10,0,1,USD",
              "1212,2026-11-22T13:00:00Z,0,0.20,0,1,USD",
              "1800,2027-01-01T00:00:00Z,0,9.00,0,1,USD"));

  @ParameterizedTest
  @CsvSource({
    "+442071838750, 1000, 1.00", // a minute at least
    "442071838750, 60001, 2.00", // and whole ones
    "13105550100, 1000, 0.31", // fee and 30 s
    "13105550100, 30001, 0.37", // 36 s in steps of 6
    "13105550100, 0, 0.31",
    "12125550100, 61000, 0.101667", // 61 s of ten cents, half up
    "12125550100, 1, 0.001667",
    "18005550100, 60000, 0.61" // its own rate is not yet
  })
  void the_longest_prefix_with_its_fee_minimum_and_increment(
      String number, long millis, String amount) {
    assertThat(DECK.charge(number, NOON, millis))
        .hasValue(new Money(new BigDecimal(amount).movePointRight(6).longValueExact(), "USD"));
  }

  @Test
  void the_rate_of_the_moment_of_the_call_counts() {
    assertThat(DECK.charge("12125550100", NOON.plusSeconds(3600), 60_000))
        .hasValue(new Money(200_000, "USD"));
    assertThat(DECK.charge("12125550100", NOON.plusSeconds(3599), 60_000))
        .hasValue(new Money(100_000, "USD"));
    assertThat(DECK.charge("12125550100", Instant.parse("2019-01-01T00:00:00Z"), 60_000)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "+1,2020-01-01T00:00:00Z,0,1,0,1,USD; columns",
        "1,yesterday,0,1,0,1,USD; could not be parsed",
        "1,2020-01-01T00:00:00Z,-1,1,0,1,USD; an amount",
        "1,2020-01-01T00:00:00Z,0,1.0000001,0,1,USD; an amount",
        "1,2020-01-01T00:00:00Z,0,1,0,0,USD; seconds from 1",
        "1,2020-01-01T00:00:00Z,0,1,0,1,usd; a currency",
        "1,2020-01-01T00:00:00Z,0,1,0,1; columns"
      })
  void a_line_that_is_no_rate_is_named(String line, String why) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RateDeck.parse(List.of(HEADING, line)))
        .withMessageContaining("line 2")
        .withMessageContaining(why);
  }
}
