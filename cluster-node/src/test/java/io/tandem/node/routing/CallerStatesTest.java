package io.tandem.node.routing;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.persistence.call.CallerState;
import io.tandem.persistence.call.CallerState.Source;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where a caller is taken to be (MKT-2). */
class CallerStatesTest {

  @Test
  void what_the_publisher_says_goes_before_the_number() {
    assertThat(CallerStates.of("fl", "+12125550100"))
        .isEqualTo(new CallerState("FL", Source.PUBLISHER));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "XX", "Florida", "US"})
  void what_is_no_state_is_passed_over(String given) {
    assertThat(CallerStates.of(given, "+12125550100"))
        .isEqualTo(new CallerState("NY", Source.NUMBER_AREA));
  }

  /** Area and exchange tell the place: what is remembered of one number holds for the others. */
  @Test
  void numbers_of_one_exchange_are_in_one_state() {
    Random random = new Random(20261122);
    for (int i = 0; i < 3_000; i++) {
      String exchange = "1" + (2_000_000 + random.nextInt(8_000_000)) / 10;
      String one = exchange + "%04d".formatted(random.nextInt(10_000));
      String other = exchange + "%04d".formatted(random.nextInt(10_000));

      String first = CallerStates.of(null, one).code();

      assertThat(CallerStates.of(null, other).code()).as(other).isEqualTo(first);
      assertThat(CallerStates.lookUp(other).orElse("")).as(other).isEqualTo(first);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "+12125550100, NY",
    "12015550100, NJ",
    "(512) 555-0123, TX",
    "+14155550100, CA",
    "+12025550100, DC",
    "+12065550100, WA",
    "+12155550100, PA",
    "+12675550100, PA",
    "+19075550100, AK",
    "+17875550100, PR",
    "+16715550100, GU"
  })
  void the_area_of_a_number_names_its_state(String number, String code) {
    assertThat(CallerStates.of(null, number)).isEqualTo(new CallerState(code, Source.NUMBER_AREA));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "+18005551212",
        "+14165550100",
        "+442079460000",
        "anonymous",
        "",
        "+1",
        "+12425550100",
        "101"
      })
  void a_number_without_an_area_of_the_united_states_is_in_no_state(String number) {
    assertThat(CallerStates.of(null, number)).isEqualTo(CallerState.UNKNOWN);
  }
}
