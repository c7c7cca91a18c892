package io.tandem.protocol.sip.sieve;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.protocol.sip.sieve.Openness.Seen;
import org.junit.jupiter.api.Test;

class OpennessTest {
  private static final int REFUSALS = 5_000;
  private static final long TICK_NANOS = 100_000_000;

  /** Serves so many a second; the others that are read are refused. */
  private static final class Server {
    Openness open = Openness.ALL;
    long served;
    long trustedRead;
    long strangersRead;

    void tick(int trusted, int strangers, int capacity) {
      trustedRead = Math.round(trusted / 10.0 * open.trusted());
      strangersRead = Math.round(strangers / 10.0 * open.strangers());
      long read = trustedRead + strangersRead;
      served = Math.min(read, capacity / 10);
      open = open.after(new Seen(trustedRead, strangersRead, read - served, TICK_NANOS), REFUSALS);
    }

    void ticks(int count, int trusted, int strangers, int capacity) {
      for (int i = 0; i < count; i++) {
        tick(trusted, strangers, capacity);
      }
    }
  }

  private final Server server = new Server();

  @Test
  void everything_is_read_while_what_is_too_much_can_be_refused() {
    server.ticks(50, 14_000, 0, 10_000);
    assertThat(server.open).isEqualTo(Openness.ALL);
  }

  @Test
  void at_five_times_the_capacity_as_many_are_read_as_are_served_and_may_be_refused() {
    server.ticks(5, 50_000, 0, 10_000);
    for (int i = 0; i < 50; i++) {
      server.tick(50_000, 0, 10_000);
      assertThat(server.served).isEqualTo(1_000);
      assertThat(server.trustedRead).isBetween(1_400L, 1_600L);
    }
  }

  @Test
  void it_follows_an_avalanche_of_repetitions_up_and_down() {
    for (int offered : new int[] {20_000, 60_000, 120_000, 200_000, 90_000, 30_000}) {
      server.ticks(5, offered, 0, 10_000);
      assertThat(server.served).as("%d a second", offered).isEqualTo(1_000);
      assertThat(server.trustedRead).as("%d a second", offered).isLessThan(1_700);
    }
  }

  @Test
  void when_it_is_over_everything_is_read_again_within_two_seconds() {
    server.ticks(20, 300_000, 100_000, 10_000);
    server.ticks(20, 5_000, 1_000, 10_000);
    assertThat(server.open).isEqualTo(Openness.ALL);
  }

  @Test
  void strangers_do_not_take_the_place_of_carriers() {
    server.ticks(10, 8_000, 400_000, 10_000);
    for (int i = 0; i < 30; i++) {
      server.tick(8_000, 400_000, 10_000);
      assertThat(server.trustedRead).isEqualTo(800);
      assertThat(server.strangersRead).isBetween(1L, 1_000L);
    }
  }

  @Test
  void carriers_do_not_silence_everybody_else() {
    server.ticks(10, 100_000, 2_000, 10_000);
    server.tick(100_000, 2_000, 10_000);
    assertThat(server.strangersRead).isBetween(40L, 200L);
    assertThat(server.served).isEqualTo(1_000);
  }

  @Test
  void a_long_pause_of_the_machine_is_measured_by_its_length() {
    Openness after = Openness.ALL.after(new Seen(9_000, 0, 4_000, 10 * TICK_NANOS), REFUSALS);
    assertThat(after).isEqualTo(Openness.ALL);
  }
}
