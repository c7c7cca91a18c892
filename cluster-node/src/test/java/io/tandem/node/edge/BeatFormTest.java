package io.tandem.node.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.node.edge.BeatForm.Word;
import io.tandem.persistence.journal.TimedId;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BeatFormTest {

  private static final Instant NOON = Instant.parse("2026-11-22T12:00:00.123Z");

  @Test
  void what_a_beat_says_of_its_calls_is_read_to_the_millisecond() {
    Map<String, Word> said = calls(1_000);
    said.put("call_other", new Word(true, NOON));
    said.put("CALL_" + "\u00e4".repeat(300), new Word(false, Instant.EPOCH));
    said.put("call_01arz3ndektsv4rrffq69g5fav", new Word(false, NOON.minusMillis(1)));

    assertThat(BeatForm.read(BeatForm.write(said))).isEqualTo(said);
  }

  @Test
  void a_silent_call_costs_its_row_twenty_one_bytes_at_most() {
    assertThat(BeatForm.write(calls(3_000)).length).isLessThanOrEqualTo(1 + 3_000 * 21);
  }

  @Test
  void a_beat_without_exceptions_is_empty() {
    assertThat(BeatForm.write(Map.of())).isEmpty();
    assertThat(BeatForm.read(new byte[0])).isEmpty();
  }

  @Test
  void of_a_row_that_breaks_off_the_calls_before_are_read() {
    Map<String, Word> said = calls(5);
    byte[] whole = BeatForm.write(said);
    for (int length = 0; length < whole.length; length++) {
      Map<String, Word> read = BeatForm.read(Arrays.copyOf(whole, length));
      assertThat(said.entrySet()).containsAll(read.entrySet());
    }
  }

  /** Silent since before their id's time, at it, and up to an hour after. */
  private static Map<String, Word> calls(int count) {
    Map<String, Word> said = new LinkedHashMap<>();
    for (int i = 0; i < count; i++) {
      Instant since = NOON.plusMillis(i * 3_600_000L / count - 5);
      said.put(TimedId.at("call", NOON), new Word(i % 3 == 0, since));
    }
    return said;
  }
}
