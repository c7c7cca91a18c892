package io.tandem.persistence.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TimedIdTest {

  @Test
  void ids_sort_by_age_and_never_repeat() {
    String last = "";
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < 10_000; i++) {
      String next = TimedId.next("call");
      assertThat(next).startsWith("call_").isGreaterThan(last);
      assertThat(seen.add(next)).isTrue();
      last = next;
    }
  }

  @Test
  void the_time_is_found_in_an_id_and_in_whatever_is_derived_from_it() {
    Instant at = Instant.parse("2026-11-22T10:00:00.123Z");
    String call = TimedId.at("call", at);

    assertThat(TimedId.timeOf(call)).contains(at);
    assertThat(TimedId.timeOf(call + "/o1/hold")).contains(at);
    assertThat(TimedId.timeOf("due/" + call + "/x")).contains(at);
  }

  @Test
  void a_text_that_carries_no_time_gives_none() {
    for (String text :
        new String[] {
          "",
          "/",
          "call_",
          "call_123",
          "_",
          "call",
          "a/b_c/d",
          "01ARZ3NDEKTSV4RRFFQ69G5FAV",
          "call_UUUUUUUUUUUUUUUUUUUUUUUUUU"
        }) {
      assertThat(TimedId.timeOf(text)).as(text).isEmpty();
    }
  }
}
