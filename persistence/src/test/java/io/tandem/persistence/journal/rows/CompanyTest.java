package io.tandem.persistence.journal.rows;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class CompanyTest {
  private static final long WAIT = TimeUnit.MILLISECONDS.toNanos(10);

  private final Company company = new Company(0);
  private long now;

  @Test
  void writes_that_are_far_apart_wait_for_nobody() {
    arrive(100, 12);
    assertThat(company.isLikely(WAIT, now)).isFalse();
  }

  @Test
  void writes_that_come_close_together_wait_for_each_other() {
    arrive(100, 1);
    for (int i = 0; i < 100; i++) {
      assertThat(company.isLikely(WAIT, now)).isTrue();
      company.came(5);
    }
  }

  @Test
  void a_single_busy_entity_soon_waits_for_nobody_but_once_a_second() {
    assertThat(waitsAlone()).isBetween(10L, 25L);
  }

  @Test
  void who_was_alone_and_is_no_more_is_found_out_within_a_second() {
    waitsAlone();
    arrive(1001, 1);
    assertThat(company.isLikely(WAIT, now)).isTrue();
    company.came(5);
    arrive(1, 1);
    assertThat(company.isLikely(WAIT, now)).isTrue();
  }

  /** How often one waits in ten seconds in which nobody comes meanwhile. */
  private long waitsAlone() {
    arrive(100, 1);
    long waits = 0;
    for (int i = 0; i < 10_000; i++) {
      arrive(1, 1);
      if (company.isLikely(WAIT, now)) {
        waits++;
        company.came(0);
      }
    }
    return waits;
  }

  private void arrive(int times, int everyMillis) {
    for (int i = 0; i < times; i++) {
      now += TimeUnit.MILLISECONDS.toNanos(everyMillis);
      company.arrived(now);
    }
  }
}
