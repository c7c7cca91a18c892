package io.tandem.protocol.media.rtp;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SpliceTest {
  private static final long MILLI = 1_000_000L;
  private final Splice splice = new Splice(8000);
  private long nanos;

  @Test
  void the_first_piece_passes_as_it_is() {
    for (int i = 65_530; i < 65_550; i++) {
      ByteBuf packet = packet(7, i & 0xffff, 160 * i);
      ByteBuf same = packet.copy();
      assertThat(pass(packet)).isTrue();
      assertThat(packet).isEqualTo(same);
    }
    assertThat(splice.moved()).isFalse();
  }

  @Test
  void another_source_goes_on_with_ssrc_numbers_and_time_and_begins_with_the_marker() {
    pass(packet(7, 100, 16_000));
    nanos += 60 * MILLI;
    ByteBuf next = packet(0x9999, 5_000, 777);
    assertThat(pass(next)).isTrue();
    assertThat(RtpPacket.ssrc(next)).isEqualTo(7);
    assertThat(RtpPacket.sequence(next)).isEqualTo(101);
    assertThat(RtpPacket.timestamp(next)).isEqualTo(16_000 + 480);
    assertThat(RtpPacket.marker(next)).isTrue();
    nanos += 20 * MILLI;
    ByteBuf after = packet(0x9999, 5_001, 937);
    pass(after);
    assertThat(RtpPacket.sequence(after)).isEqualTo(102);
    assertThat(RtpPacket.timestamp(after)).isEqualTo(16_000 + 640);
    assertThat(RtpPacket.marker(after)).isFalse();
  }

  @Test
  void a_pause_of_the_same_source_leaves_no_hole_once_it_is_cut() {
    pass(packet(7, 100, 16_000));
    splice.cut();
    nanos += 1_000 * MILLI;
    ByteBuf resumed = packet(7, 150, 24_000);
    pass(resumed);
    assertThat(RtpPacket.sequence(resumed)).isEqualTo(101);
    assertThat(RtpPacket.timestamp(resumed)).isEqualTo(24_000);
  }

  @Test
  void late_packets_of_the_former_piece_and_from_before_the_splice_are_not_sent() {
    pass(packet(7, 100, 16_000));
    pass(packet(7, 102, 16_320));
    pass(packet(8, 50, 0));
    assertThat(pass(packet(7, 101, 16_160))).isFalse();
    assertThat(pass(packet(8, 49, -160))).isFalse();
    assertThat(pass(packet(8, 51, 160))).isTrue();
  }

  @Test
  void a_former_source_that_speaks_on_is_a_new_piece() {
    pass(packet(7, 100, 16_000));
    pass(packet(8, 50, 0));
    ByteBuf back = packet(7, 101, 16_160);
    assertThat(pass(back)).isTrue();
    assertThat(RtpPacket.sequence(back)).isEqualTo(102);
  }

  @Test
  void a_hundred_thousand_reordered_packets_of_many_sources_are_one_stream_to_the_receiver() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    Reception reception = new Reception(8000);
    int pieces = 10;
    int inPiece = 10_000;
    BitSet numbers = new BitSet();
    int sent = 0;
    int late = 0;
    long cycles = 0;
    int before = -1;
    for (int piece = 0; piece < pieces; piece++) {
      int ssrc = 1000 + piece;
      int first = random.nextInt(65_536);
      int clock = random.nextInt();
      for (int i : shuffledWithin(8, inPiece, random)) {
        nanos += 20 * MILLI;
        ByteBuf packet = packet(ssrc, (first + i) & 0xffff, clock + 160 * i);
        if (!pass(packet)) {
          late++; // from before the first that came of its piece
          continue;
        }
        sent++;
        int out = RtpPacket.sequence(packet);
        if (before >= 0 && out < 1000 && before > 64_000) {
          cycles += 65_536;
        }
        long extended = out > 64_000 && before < 1000 ? cycles - 65_536 + out : cycles + out;
        before = out > 64_000 && before < 1000 ? before : out;
        assertThat(numbers.get((int) extended)).as("twice, seed " + seed).isFalse();
        numbers.set((int) extended);
        assertThat(RtpPacket.ssrc(packet)).isEqualTo(1000);
        reception.packet(RtpPacket.ssrc(packet), out, RtpPacket.timestamp(packet), nanos);
      }
    }
    assertThat(sent + late).isEqualTo(pieces * inPiece);
    assertThat(late).as("seed " + seed).isLessThan(pieces * 8);
    assertThat(reception.received()).as("seed " + seed).isEqualTo(sent);
    assertThat(reception.lost()).as("holes, seed " + seed).isLessThanOrEqualTo(late);
  }

  @Test
  void a_hundred_thousand_reordered_numbers_of_one_source_lose_nothing() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    Reception reception = new Reception(8000);
    int first = random.nextInt(65_536);
    int count = 100_000;
    List<Integer> order = shuffledWithin(50, count, random);
    order.remove((Integer) 0);
    order.add(0, 0);
    for (int i : order) {
      nanos += 20 * MILLI;
      ByteBuf packet = packet(7, (first + i) & 0xffff, 160 * i);
      assertThat(pass(packet)).isTrue();
      reception.packet(7, RtpPacket.sequence(packet), RtpPacket.timestamp(packet), nanos);
    }
    assertThat(reception.received()).isEqualTo(count);
    assertThat(reception.lost()).as("seed " + seed).isZero();
    assertThat(reception.extendedHighestSequence()).isEqualTo((long) first + count - 1);
  }

  /** 0 to below count, each at most so far from its place. */
  private static List<Integer> shuffledWithin(int distance, int count, Random random) {
    List<Integer> order = new ArrayList<>();
    for (int block = 0; block < count; block += distance) {
      List<Integer> part = new ArrayList<>();
      for (int i = block; i < Math.min(count, block + distance); i++) {
        part.add(i);
      }
      java.util.Collections.shuffle(part, random);
      order.addAll(part);
    }
    return order;
  }

  private boolean pass(ByteBuf packet) {
    return splice.apply(packet, nanos);
  }

  private static ByteBuf packet(int ssrc, int sequence, int timestamp) {
    ByteBuf packet = Unpooled.buffer(16);
    RtpPacket.writeHeader(packet, false, 0, sequence, timestamp, ssrc);
    return packet.writeInt(0xd5d5d5d5);
  }
}
