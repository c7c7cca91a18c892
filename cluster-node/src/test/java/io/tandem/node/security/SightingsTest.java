package io.tandem.node.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.persistence.journal.DataClass;
import io.tandem.persistence.journal.Personal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** However much happens, so much is told of it. */
class SightingsTest {
  private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");
  private static final Duration WINDOW = Duration.ofMinutes(10);
  private static final int SOURCES = 20;

  private final Sightings sightings = new Sightings(new SecuritySettings(WINDOW, 5, SOURCES));

  private void wrong(String account, String address, Instant at) {
    Personal<String> source = Personal.of("person:" + address, DataClass.CALL_NUMBER, address);
    sightings.saw(
        new Sighting(
            "security.logins-failed",
            account,
            address,
            5,
            null,
            null,
            (count, from, to) ->
                new SecurityCommand.NoteLogins("SIP", null, source, count, from, to)),
        at);
  }

  private static long count(Sightings.Due due) {
    return switch (due.command()) {
      case SecurityCommand.NoteLogins c -> c.count();
      case SecurityCommand.NoteMore c -> c.count();
      default -> throw new AssertionError(due);
    };
  }

  @Test
  void who_mistypes_is_not_told_of_and_who_guesses_is_at_the_fifth_time() {
    for (int i = 0; i < 4; i++) {
      wrong("acct_1", "192.0.2.1", NOON.plusSeconds(i));
    }
    assertThat(sightings.due(NOON.plusSeconds(4))).isEmpty();
    wrong("acct_1", "192.0.2.1", NOON.plusSeconds(5));

    List<Sightings.Due> due = sightings.due(NOON.plusSeconds(5));

    assertThat(due).hasSize(1);
    assertThat(due.getFirst().log().toString()).contains("acct_1:2026-11-23");
    assertThat(due.getFirst().command())
        .isEqualTo(
            new SecurityCommand.NoteLogins(
                "SIP",
                null,
                Personal.of("person:192.0.2.1", DataClass.CALL_NUMBER, "192.0.2.1"),
                5,
                NOON,
                NOON.plusSeconds(5)));
  }

  @Test
  void a_source_is_told_of_once_a_window_and_then_with_the_count_since() {
    for (int i = 0; i < 5; i++) {
      wrong("acct_1", "192.0.2.1", NOON);
    }
    assertThat(sightings.due(NOON)).hasSize(1);
    for (int second = 1; second < 600; second++) {
      wrong("acct_1", "192.0.2.1", NOON.plusSeconds(second));
      assertThat(sightings.due(NOON.plusSeconds(second))).isEmpty();
    }

    List<Sightings.Due> due = sightings.due(NOON.plus(WINDOW));

    assertThat(due).extracting(SightingsTest::count).containsExactly(599L);
    assertThat(sightings.due(NOON.plus(WINDOW).plus(WINDOW))).isEmpty();
    assertThat(sightings.sources()).as("what is quiet is forgotten").isZero();
  }

  @Test
  void mistypings_of_another_window_are_forgotten() {
    for (int window = 0; window < 10; window++) {
      Instant at = NOON.plus(WINDOW.multipliedBy(window));
      for (int i = 0; i < 4; i++) {
        wrong("acct_1", "192.0.2.1", at);
      }
      assertThat(sightings.due(at.plus(WINDOW))).isEmpty();
    }
  }

  @Test
  void accounts_are_told_apart() {
    for (int i = 0; i < 5; i++) {
      wrong("acct_1", "192.0.2.1", NOON);
      wrong("acct_2", "192.0.2.1", NOON);
    }
    assertThat(sightings.due(NOON))
        .extracting(due -> due.log().id())
        .containsExactlyInAnyOrder("acct_1:2026-11-23", "acct_2:2026-11-23");
  }

  /** The bound of the journal: sources and one more, a window, whatever is thrown at it. */
  @Test
  void a_flood_from_ever_other_addresses_is_counted_and_not_told_one_by_one() {
    Random random = new Random(7); // seed 7
    int told = 0;
    long counted = 0;
    for (int second = 0; second < 1_200; second++) {
      for (int i = 0; i < 50; i++) {
        wrong("platform", "10." + random.nextInt(60_000), NOON.plusSeconds(second));
      }
      for (int i = 0; i < 6; i++) {
        wrong("acct_9", "198.51.100." + i, NOON.plusSeconds(second));
      }
      for (Sightings.Due due : sightings.due(NOON.plusSeconds(second))) {
        told++;
        counted += count(due);
      }
      assertThat(sightings.sources()).isLessThanOrEqualTo(SOURCES + 1);
    }

    assertThat(told).isLessThanOrEqualTo(2 * (SOURCES + 1));
    assertThat(counted).as("most of it is counted").isGreaterThan(25_000);
  }
}
