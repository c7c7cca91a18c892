package io.tandem.persistence.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LikenessTest {
  private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");

  record Card(
      List<Personal<String>> numbers, Map<String, Personal<Long>> ages, Optional<Instant> at) {}

  private static Card card(Personal<String> number, Personal<Long> age) {
    return new Card(List.of(number), Map.of("a", age), Optional.of(NOON));
  }

  private static final Personal<String> NUMBER = Personal.of("person:a", DataClass.CONTACT, "1");
  private static final Personal<Long> AGE = Personal.of("person:a", DataClass.CONTACT, 7L);

  private static <T> Personal<T> erased(String subject, DataClass dataClass) {
    return new Personal.Erased<>(subject, dataClass);
  }

  @Test
  void an_erased_value_is_like_any_of_its_person_and_class_and_no_other() {
    Card whole = card(NUMBER, AGE);
    assertThat(Likeness.between(whole, card(erased("person:a", DataClass.CONTACT), AGE))).isTrue();
    assertThat(Likeness.between(card(NUMBER, erased("person:a", DataClass.CONTACT)), whole))
        .isTrue();
    assertThat(Likeness.between(whole, card(erased("person:b", DataClass.CONTACT), AGE))).isFalse();
    assertThat(Likeness.between(whole, card(erased("person:a", DataClass.CALL_NUMBER), AGE)))
        .isFalse();
  }

  @Test
  void two_values_that_can_be_read_are_held_against_each_other() {
    Card whole = card(NUMBER, AGE);
    assertThat(Likeness.between(whole, card(NUMBER, AGE))).isTrue();
    assertThat(Likeness.between(whole, card(Personal.of("person:a", DataClass.CONTACT, "2"), AGE)))
        .isFalse();
    assertThat(
            Likeness.between(
                card(NUMBER, Personal.of("person:a", DataClass.CONTACT, 8L)),
                card(erased("person:a", DataClass.CONTACT), AGE)))
        .isFalse();
  }

  @Test
  void what_is_no_personal_value_has_to_be_the_same() {
    Card whole = card(NUMBER, AGE);
    Personal<String> gone = erased("person:a", DataClass.CONTACT);
    assertThat(Likeness.between(whole, new Card(List.of(gone), Map.of(), Optional.of(NOON))))
        .isFalse();
    assertThat(Likeness.between(whole, new Card(List.of(), Map.of("a", AGE), Optional.of(NOON))))
        .isFalse();
    assertThat(Likeness.between(whole, new Card(List.of(gone), Map.of("a", AGE), Optional.empty())))
        .isFalse();
  }
}
