package io.tandem.protocol.media.dtmf;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Telephone events: each key once, whatever the network does. */
class EventsTest {
  private record Sent(int timestamp, boolean marker, byte[] payload, int atMillis) {
    Sent(int timestamp, boolean marker, byte[] payload) {
      this(timestamp, marker, payload, 0);
    }
  }

  /** The packets of a text, as our sender makes them on a stream that begins anywhere. */
  private static List<Sent> packets(String keys, int firstTimestamp) {
    EventSender sender = new EventSender(160, 100, 60);
    assertThat(sender.press(keys)).isEqualTo(keys.length());
    List<Sent> packets = new ArrayList<>();
    for (int timestamp = firstTimestamp; sender.isBusy(); timestamp += 160) {
      byte[] payload = new byte[TelephoneEvent.OCTETS];
      if (sender.beat(timestamp, payload)) {
        int atMillis = (timestamp - firstTimestamp) / 8;
        packets.add(new Sent(sender.timestamp(), sender.marker(), payload, atMillis));
      }
    }
    return packets;
  }

  private static String heard(List<Sent> packets) {
    EventReceiver receiver = new EventReceiver(8000);
    StringBuilder keys = new StringBuilder();
    for (Sent packet : packets) {
      char key = receiver.packet(packet.timestamp, packet.payload, 0, packet.payload.length);
      if (key != EventReceiver.NONE) {
        keys.append(key);
      }
    }
    return keys.toString();
  }

  @Test
  void the_example_of_rfc_4733_is_heard_as_911() {
    // §5, table 6: 50 ms packets at 8 kHz; event, E and duration as printed there (volumes 7, 10,
    // 4),
    // timestamps from 0, the end of each digit sent three times.
    String[][] table = {
      {"0", "09070190"}, {"0", "09070320"}, {"0", "09070640"}, {"0", "09870640"},
      {"0", "09870640"}, {"11200", "010a0190"}, {"11200", "010a0320"}, {"11200", "018a0320"},
      {"11200", "018a0320"}, {"11200", "018a0320"}, {"15200", "01040190"}, {"15200", "01840280"},
      {"15200", "01840280"}, {"15200", "01840280"}
    };
    List<Sent> packets = new ArrayList<>();
    for (String[] row : table) {
      packets.add(new Sent(Integer.parseInt(row[0]), false, HexFormat.of().parseHex(row[1])));
    }
    assertThat(heard(packets)).isEqualTo("911");
    assertThat(TelephoneEvent.isEnd(packets.get(3).payload, 0)).isTrue();
    assertThat(TelephoneEvent.durationTicks(packets.get(3).payload, 0)).isEqualTo(1600);
  }

  @Test
  void a_sender_marks_the_first_packet_counts_up_and_ends_three_times() {
    List<Sent> packets = packets("5", 1000);
    assertThat(packets).hasSize(5 + 2).allMatch(p -> p.timestamp == 1000);
    assertThat(packets.stream().map(Sent::marker))
        .containsExactly(true, false, false, false, false, false, false);
    assertThat(packets.stream().map(p -> TelephoneEvent.durationTicks(p.payload, 0)))
        .containsExactly(160, 320, 480, 640, 800, 800, 800);
    assertThat(packets.stream().map(p -> TelephoneEvent.isEnd(p.payload, 0)))
        .containsExactly(false, false, false, false, true, true, true);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -500, Integer.MAX_VALUE - 500})
  void every_key_is_heard_once_also_when_timestamps_wrap(int firstTimestamp) {
    assertThat(heard(packets("0123456789*#ABCD", firstTimestamp))).isEqualTo("0123456789*#ABCD");
    assertThat(heard(packets("55555", firstTimestamp))).isEqualTo("55555");
  }

  @Test
  void each_key_is_heard_once_under_loss_doubles_and_disorder() {
    for (int seed = 0; seed < 300; seed++) {
      Random random = new Random(seed);
      record Arrival(int millis, Sent packet) {}
      List<Arrival> arrivals = new ArrayList<>();
      for (Sent packet : packets("1123#58132134", random.nextInt())) {
        int copies = random.nextInt(10) < 3 ? 0 : 1 + random.nextInt(2);
        for (int i = 0; i < copies; i++) {
          arrivals.add(new Arrival(packet.atMillis + random.nextInt(70), packet));
        }
      }
      arrivals.sort(Comparator.comparingInt(Arrival::millis));
      List<Sent> arrived = arrivals.stream().map(Arrival::packet).toList();
      // The chance that all seven packets of a key are lost is 2 in 10,000: then it was never said.
      long said = arrived.stream().map(Sent::timestamp).distinct().count();
      assertThat(heard(arrived)).as("seed %d", seed).hasSize((int) said);
      if (said == 13) {
        assertThat(heard(arrived)).as("seed %d", seed).isEqualTo("1123#58132134");
      }
    }
  }

  @Test
  void a_key_held_longer_than_a_duration_can_say_is_one_key() {
    List<Sent> packets = new ArrayList<>();
    for (int segment = 0; segment < 3; segment++) {
      for (int duration = 8000; duration <= 0xffff; duration += 8000) {
        packets.add(new Sent(segment * 0xffff, false, payload('7', false, duration)));
      }
      packets.add(new Sent(segment * 0xffff, false, payload('7', segment == 2, 0xffff)));
    }
    assertThat(heard(packets)).isEqualTo("7");
  }

  @Test
  void other_events_and_broken_payloads_are_no_keys() {
    EventReceiver receiver = new EventReceiver(8000);
    assertThat(receiver.packet(0, new byte[] {16, 0, 1, 0}, 0, 4)).isEqualTo(EventReceiver.NONE);
    assertThat(receiver.packet(0, new byte[] {(byte) 200, 0, 1, 0}, 0, 4))
        .isEqualTo(EventReceiver.NONE);
    assertThat(receiver.packet(0, new byte[] {1, 0, 1}, 0, 3)).isEqualTo(EventReceiver.NONE);
    assertThat(receiver.packet(0, new byte[0], 0, 0)).isEqualTo(EventReceiver.NONE);
  }

  @Test
  void a_straggler_of_long_ago_is_no_new_key() {
    EventReceiver receiver = new EventReceiver(8000);
    for (int i = 0; i < 100; i++) {
      assertThat(receiver.packet(i * 1600, payload('1', false, 160), 0, 4)).isEqualTo('1');
    }
    assertThat(receiver.packet(1600, payload('1', true, 160), 0, 4)).isEqualTo(EventReceiver.NONE);
  }

  @Test
  void who_begins_to_count_anew_is_heard_with_the_second_packet_of_its_key() {
    EventReceiver receiver = new EventReceiver(8000);
    assertThat(receiver.packet(900_000, payload('1', false, 160), 0, 4)).isEqualTo('1');
    assertThat(receiver.packet(5_000, payload('2', false, 160), 0, 4))
        .isEqualTo(EventReceiver.NONE);
    assertThat(receiver.packet(5_000, payload('2', false, 320), 0, 4)).isEqualTo('2');
    assertThat(receiver.packet(5_000, payload('2', true, 800), 0, 4)).isEqualTo(EventReceiver.NONE);
    assertThat(receiver.packet(9_000, payload('3', false, 160), 0, 4)).isEqualTo('3');
  }

  @Test
  void a_key_that_comes_late_is_heard_within_two_seconds_at_every_clock() {
    for (int hertz : new int[] {8000, 48_000}) {
      EventReceiver receiver = new EventReceiver(hertz);
      int late = 3 * hertz;
      assertThat(receiver.packet(5 * hertz, payload('1', false, 160), 0, 4)).isEqualTo('1');
      assertThat(receiver.packet(late, payload('2', false, 160), 0, 4)).isEqualTo('2');
      assertThat(receiver.packet(late - 1, payload('3', false, 160), 0, 4))
          .isEqualTo(EventReceiver.NONE);
    }
  }

  @Test
  void what_is_no_key_is_not_sent() {
    EventSender sender = new EventSender(160, 100, 60);
    assertThat(sender.press("1 x2")).isEqualTo(2);
    assertThat(sender.press("1".repeat(100))).isEqualTo(EventSender.MAX_WAITING - 2);
  }

  private static byte[] payload(char key, boolean end, int duration) {
    byte[] payload = new byte[TelephoneEvent.OCTETS];
    TelephoneEvent.write(payload, 0, key, end, 10, duration);
    return payload;
  }
}
