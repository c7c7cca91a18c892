package io.tandem.protocol.media.jitter;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.tandem.protocol.media.jitter.JitterBuffer.Next;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.Test;

/** Packets of 20 ms at 8 kHz through networks made of a seed, in virtual time. */
class JitterBufferTest {
  private static final long MILLI = 1_000_000;
  private static final int FIRST_SEQUENCE = 65_500; // wraps soon

  private record Arrival(int number, long atNanos) {}

  /** What came out of a run. */
  private static final class Heard {
    final List<Integer> numbers = new ArrayList<>();
    final List<Long> delaysMillis = new ArrayList<>();
    int lost;
    int dry;
  }

  /** Sends so many packets, each with the network's delay in ms; negative is loss. */
  private static List<Arrival> network(int packets, IntUnaryOperator delayMillis) {
    List<Arrival> arrivals = new ArrayList<>();
    for (int i = 0; i < packets; i++) {
      int delay = delayMillis.applyAsInt(i);
      if (delay >= 0) {
        arrivals.add(new Arrival(i, (20L * i + delay) * MILLI));
      }
    }
    arrivals.sort(Comparator.comparingLong(Arrival::atNanos));
    return arrivals;
  }

  private static Heard play(JitterBuffer buffer, List<Arrival> arrivals, int takes) {
    Heard heard = new Heard();
    int next = 0;
    for (int take = 0; take < takes; take++) {
      long now = (20L * take + 7) * MILLI;
      while (next < arrivals.size() && arrivals.get(next).atNanos <= now) {
        put(buffer, arrivals.get(next).number, arrivals.get(next).atNanos);
        next++;
      }
      switch (buffer.take(take % 3 == 0, now)) {
        case PACKET -> {
          int number = number(buffer);
          heard.numbers.add(number);
          heard.delaysMillis.add(now / MILLI - 20L * number);
        }
        case LOST -> heard.lost++;
        case DRY -> heard.dry++;
        case WAITING -> {}
      }
    }
    return heard;
  }

  private static void put(JitterBuffer buffer, int number, long now) {
    byte[] payload = {(byte) (number >> 16), (byte) (number >> 8), (byte) number};
    buffer.put(7, (FIRST_SEQUENCE + number) & 0xffff, -1000 + 160 * number, 0, payload, 0, 3, now);
  }

  private static int number(JitterBuffer buffer) {
    byte[] p = buffer.payload();
    assertThat(buffer.octets()).isEqualTo(3);
    return ((p[0] & 0xff) << 16) | ((p[1] & 0xff) << 8) | (p[2] & 0xff);
  }

  private static JitterBuffer buffer() {
    return new JitterBuffer(8000, 160);
  }

  private static void isInOrder(Heard heard) {
    assertThat(heard.numbers).isSorted().doesNotHaveDuplicates();
  }

  @Test
  void an_even_stream_is_played_whole_and_with_little_delay() {
    JitterBuffer buffer = buffer();
    Heard heard = play(buffer, network(1000, i -> 5), 1000);
    isInOrder(heard);
    assertThat(heard.numbers.size()).isGreaterThan(990);
    assertThat(heard.lost + heard.dry).isZero();
    assertThat(heard.delaysMillis.getLast()).isLessThanOrEqualTo(60);
  }

  @Test
  void jitter_is_learned_and_then_nearly_nothing_comes_too_late() {
    for (int seed = 0; seed < 20; seed++) {
      Random random = new Random(seed);
      JitterBuffer buffer = buffer();
      Heard heard = play(buffer, network(3000, i -> 30 + random.nextInt(80)), 3010);
      isInOrder(heard);
      assertThat(buffer.report().late()).as("seed %d: %s", seed, buffer.report()).isLessThan(60);
      assertThat(heard.numbers.size()).as("seed %d", seed).isGreaterThan(2900);
      assertThat(heard.delaysMillis.getLast()).as("seed %d", seed).isLessThan(200);
    }
  }

  @Test
  void the_delay_shrinks_again_when_the_network_calms() {
    Random random = new Random(5);
    JitterBuffer buffer = buffer();
    IntUnaryOperator stormThenCalm = i -> i < 1000 ? 20 + random.nextInt(150) : 20;
    Heard heard = play(buffer, network(4000, stormThenCalm), 4000);
    isInOrder(heard);
    long inTheStorm = heard.delaysMillis.get(900);
    assertThat(inTheStorm).isGreaterThan(120);
    assertThat(heard.delaysMillis.getLast()).isLessThan(100);
    assertThat(buffer.report().dropped()).isBetween(2L, 20L);
  }

  @Test
  void loss_is_told_and_not_waited_for() {
    for (int seed = 0; seed < 20; seed++) {
      Random random = new Random(seed);
      JitterBuffer buffer = buffer();
      List<Arrival> arrivals =
          network(2000, i -> random.nextInt(10) == 0 ? -1 : 20 + random.nextInt(15));
      Heard heard = play(buffer, arrivals, 2000);
      isInOrder(heard);
      assertThat(heard.numbers.size())
          .as("seed %d: %s", seed, buffer.report())
          .isGreaterThan(arrivals.size() * 97 / 100);
      assertThat(heard.delaysMillis.getLast()).as("seed %d", seed).isLessThan(150);
    }
  }

  @Test
  void a_burst_of_loss_is_a_gap_and_the_stream_goes_on_behind_it() {
    JitterBuffer buffer = buffer();
    Heard heard = play(buffer, network(500, i -> i >= 200 && i < 230 ? -1 : 10), 500);
    isInOrder(heard);
    assertThat(heard.lost + heard.dry).isBetween(28, 34);
    assertThat(heard.numbers).contains(199, 235, 490);
    assertThat(heard.delaysMillis.getLast()).isLessThan(100);
  }

  @Test
  void a_network_that_stands_still_and_then_gives_all_at_once_does_not_keep_the_delay() {
    JitterBuffer buffer = buffer();
    IntUnaryOperator stall = i -> i >= 300 && i < 350 ? 20 * (350 - i) : 0;
    Heard heard = play(buffer, network(2500, stall), 2500);
    isInOrder(heard);
    assertThat(heard.delaysMillis.getLast()).isLessThan(120);
  }

  @Test
  void doubles_and_disorder_are_not_heard() {
    Random random = new Random(3);
    JitterBuffer buffer = buffer();
    List<Arrival> arrivals = network(1000, i -> 10 + random.nextInt(50));
    List<Arrival> doubled = new ArrayList<>(arrivals);
    doubled.addAll(arrivals.subList(100, 900));
    doubled.sort(Comparator.comparingLong(Arrival::atNanos));
    Heard heard = play(buffer, doubled, 1000);
    isInOrder(heard);
    assertThat(buffer.report().doubled() + buffer.report().late()).isGreaterThanOrEqualTo(700);
    assertThat(heard.numbers.size()).isGreaterThan(950);
  }

  @Test
  void another_source_starts_the_buffer_anew() {
    JitterBuffer buffer = buffer();
    for (int i = 0; i < 10; i++) {
      buffer.put(1, 100 + i, 160 * i, 0, new byte[] {1}, 0, 1, 20L * i * MILLI);
    }
    for (int i = 0; i < 10; i++) {
      buffer.put(2, 40_000 + i, 777 + 160 * i, 8, new byte[] {2}, 0, 1, (200 + 20L * i) * MILLI);
    }
    assertThat(buffer.take(false, 400 * MILLI)).isEqualTo(Next.PACKET);
    assertThat(buffer.payload()[0]).isEqualTo((byte) 2);
    assertThat(buffer.payloadType()).isEqualTo(8);
    assertThat(buffer.timestamp()).isEqualTo(777);
  }

  @Test
  void a_single_packet_of_a_talkspurt_is_played() {
    JitterBuffer buffer = buffer();
    put(buffer, 0, 0);
    assertThat(buffer.take(true, 5 * MILLI)).isEqualTo(Next.WAITING);
    assertThat(buffer.take(true, 45 * MILLI)).isEqualTo(Next.PACKET);
    assertThat(buffer.take(true, 65 * MILLI)).isEqualTo(Next.DRY);
  }

  @Test
  void the_time_of_a_packet_is_learned_from_its_timestamps() {
    JitterBuffer buffer = buffer();
    for (int i = 0; i < 5; i++) {
      buffer.put(1, i, 480 * i, 0, new byte[] {1}, 0, 1, 60L * i * MILLI);
    }
    assertThat(buffer.ticksPerPacket()).isEqualTo(480);
  }

  @Test
  void one_stray_packet_far_away_in_number_disturbs_nothing() {
    JitterBuffer buffer = buffer();
    List<Integer> heard = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      long now = 20L * i * MILLI;
      if (i == 100 || i == 150) {
        put(buffer, i == 100 ? 5000 : -5000, now);
      }
      put(buffer, i, now);
      if (buffer.take(false, now + MILLI) == Next.PACKET) {
        heard.add(number(buffer));
      }
    }
    assertThat(heard).hasSizeGreaterThan(195).doesNotContain(5000, -5000).isSorted();
    assertThat(buffer.report().lost()).isZero();
    assertThat(buffer.report().dry()).isZero();
    assertThat(buffer.report().stray()).isEqualTo(2);
  }

  @Test
  void a_hundred_thousand_packets_pass_in_order_and_make_no_garbage() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    JitterBuffer buffer = buffer();
    byte[] payload = new byte[160];
    long before = threads.getCurrentThreadAllocatedBytes();
    int packets = 0;
    for (int i = 0; i < 100_000; i++) {
      buffer.put(7, i & 0xffff, 160 * i, 0, payload, 0, 160, 20L * i * MILLI);
      packets += buffer.take(true, (20L * i + 1) * MILLI) == Next.PACKET ? 1 : 0;
    }
    assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(10_000);
    assertThat(packets).isGreaterThan(99_980);
    assertThat(buffer.report().lost()).isZero();
  }
}
