package io.tandem.node.routing;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.persistence.call.CallerState;
import io.tandem.persistence.call.CallerState.Source;
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
