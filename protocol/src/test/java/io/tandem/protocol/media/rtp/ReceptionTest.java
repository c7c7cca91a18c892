package io.tandem.protocol.media.rtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ReceptionTest {
  private static final int SSRC = 0x1234;
  private final Reception reception = new Reception(8000);
  private long nanos;

  @Test
  void a_stream_without_gaps_loses_nothing_over_the_end_of_the_numbers() {
    for (int i = 65_000; i < 66_000; i++) {
      take(SSRC, i);
    }
    assertThat(reception.received()).isEqualTo(1000);
    assertThat(reception.lost()).isZero();
    assertThat(reception.extendedHighestSequence()).isEqualTo(65_999);
  }

  @Test
  void missing_numbers_are_lost_until_they_come_late() {
    take(SSRC, 10);
    take(SSRC, 13);
    assertThat(reception.lost()).isEqualTo(2);
    take(SSRC, 12);
    assertThat(reception.lost()).isEqualTo(1);
    take(SSRC, 11);
    assertThat(reception.lost()).isZero();
    assertThat(reception.extendedHighestSequence()).isEqualTo(13);
  }

  @Test
  void a_hundred_thousand_reordered_numbers_are_all_counted() {
    long seed = System.nanoTime();
    List<Integer> numbers = new ArrayList<>();
    for (int i = 0; i < 100_000; i++) {
      numbers.add(i);
    }
    Random random = new Random(seed);
    for (int block = 0; block < numbers.size(); block += 50) {
      Collections.shuffle(numbers.subList(block, block + 50), random);
    }
    int lowestOfFirstBlock = numbers.get(0);
    numbers.forEach(number -> take(SSRC, number & 0xffff));
    assertThat(reception.received()).as("seed %d", seed).isEqualTo(100_000);
    // Numbers before the very first packet are not expected, so they count as surplus.
    assertThat(reception.lost()).as("seed %d", seed).isZero();
    assertThat(reception.extendedHighestSequence())
        .as("seed %d, first %d", seed, lowestOfFirstBlock)
        .isEqualTo(99_999);
  }

  @Test
  void a_big_jump_counts_only_when_a_second_packet_confirms_it() {
    take(SSRC, 100);
    take(SSRC, 30_000);
    assertThat(reception.received()).isEqualTo(1);
    take(SSRC, 101);
    assertThat(reception.received()).isEqualTo(2);
    take(SSRC, 40_000);
    take(SSRC, 40_001);
    assertThat(reception.received()).isEqualTo(3);
    assertThat(reception.lost()).isZero();
    assertThat(reception.extendedHighestSequence()).isEqualTo(40_001);
  }

  @Test
  void a_new_source_starts_a_stream_and_keeps_the_sums() {
    take(SSRC, 1);
    take(SSRC, 3);
    take(0x9999, 60_000);
    take(0x9999, 60_002);
    assertThat(reception.ssrc()).isEqualTo(0x9999);
    assertThat(reception.received()).isEqualTo(4);
    assertThat(reception.lost()).isEqualTo(2);
  }

  @Test
  void an_even_stream_has_no_jitter_and_a_shaken_one_has_what_the_rfc_computes() {
    for (int i = 0; i < 50; i++) {
      take(SSRC, i);
    }
    assertThat(reception.jitterTicks()).isZero();
    // Every other packet 10 ms (80 ticks) late: |D| is 80 each time, and so becomes the mean.
    for (int i = 50; i < 400; i++) {
      nanos += 20_000_000L;
      reception.packet(SSRC, i, i * 160, nanos + (i % 2 == 0 ? 10_000_000L : 0));
    }
    assertThat(reception.jitterTicks()).isBetween(78L, 80L);
    assertThat(reception.jitterMicros()).isBetween(9_750L, 10_000L);
  }

  @Test
  void a_key_that_is_pressed_for_a_second_is_no_jitter() {
    int timestamp = 0;
    for (int i = 0; i < 200; i++) {
      boolean key = i >= 100 && i < 150;
      reception.packet(SSRC, i, key ? 100 * 160 : timestamp, 20_000_000L * i);
      timestamp += 160;
    }
    assertThat(reception.jitterTicks()).isZero();
    assertThat(reception.lost()).isZero();
  }

  @Test
  void the_fraction_lost_is_of_the_time_since_the_last_report() {
    for (int i = 0; i < 100; i++) {
      take(SSRC, i);
    }
    assertThat(reception.fractionLostSinceLastReport()).isZero();
    for (int i = 100; i < 200; i += 2) {
      take(SSRC, i);
    }
    take(SSRC, 199);
    assertThat(reception.fractionLostSinceLastReport()).isEqualTo(49 * 256 / 100);
    take(SSRC, 200);
    assertThat(reception.fractionLostSinceLastReport()).isZero();
  }

  private void take(int ssrc, int sequence) {
    nanos += 20_000_000L;
    reception.packet(ssrc, sequence & 0xffff, (int) (nanos / 125_000), nanos);
  }
}
