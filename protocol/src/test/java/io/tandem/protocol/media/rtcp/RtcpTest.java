package io.tandem.protocol.media.rtcp;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.tandem.protocol.media.rtp.Reception;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RtcpTest {
  private static final PartyReports.Block BLOCK =
      new PartyReports.Block(0x2222, 25, -3, 0x0001_ffffL, 160, 0x55667788, 65_536);

  @Test
  void a_sender_report_says_what_was_put_in() {
    ByteBuf packet = Unpooled.buffer();
    Instant at = Instant.ofEpochSecond(1_000_000_000L, 500_000_000);
    PartyReports.writeSenderReport(packet, 0x1111, at, 160, 7, 1120, BLOCK, "a@example.invalid");

    assertThat(RtcpCompound.isValid(packet)).isTrue();
    long ntp = (1_000_000_000L + 2_208_988_800L) << 32 | 0x8000_0000L;
    assertThat(told(packet))
        .containsExactly(
            "SR 1111 " + Long.toHexString(ntp) + " 160 7 1120",
            "block 1111 2222 25 -3 131071 160 55667788 65536",
            "other 202");
  }

  @Test
  void a_receiver_report_without_a_block_is_valid() {
    ByteBuf packet = Unpooled.buffer();
    PartyReports.writeReceiverReport(packet, 0x1111, null, "");
    assertThat(RtcpCompound.isValid(packet)).isTrue();
    assertThat(told(packet)).containsExactly("RR 1111", "other 202");
  }

  @Test
  void a_name_of_any_length_ends_on_a_word() {
    for (int length = 0; length <= 255; length++) {
      ByteBuf packet = Unpooled.buffer();
      PartyReports.writeReceiverReport(packet, 1, BLOCK, "x".repeat(length));
      assertThat(RtcpCompound.isValid(packet)).as("a name of %d octets", length).isTrue();
      assertThat(packet.getByte(packet.writerIndex() - 1)).isZero();
    }
  }

  @Test
  void a_block_of_a_reception_says_what_was_lost() {
    Reception reception = new Reception(8000);
    reception.packet(5, 1, 160, 0);
    reception.packet(5, 4, 640, 60_000_000L);
    ByteBuf packet = Unpooled.buffer();
    RtcpReport.writeReceiverHead(packet, 0x1111, true);
    RtcpReport.writeBlock(packet, reception, 0, 0);
    assertThat(told(packet)).contains("block 1111 5 128 2 4 0 0 0");
  }

  @Test
  void a_compound_packet_cut_off_anywhere_but_between_its_parts_is_refused() {
    ByteBuf packet = Unpooled.buffer();
    PartyReports.writeReceiverReport(packet, 1, BLOCK, "a@example.invalid");
    int receiverReportOctets = 32;
    for (int length = 0; length < packet.readableBytes(); length++) {
      assertThat(RtcpCompound.isValid(packet.slice(0, length)))
          .as("cut to %d octets", length)
          .isEqualTo(length == receiverReportOctets);
    }
  }

  @Test
  void a_count_that_has_no_room_and_padding_in_the_middle_are_refused() {
    ByteBuf packet = Unpooled.buffer();
    PartyReports.writeReceiverReport(packet, 1, null, "x");
    packet.setByte(0, 0x81);
    assertThat(RtcpCompound.isValid(packet)).isFalse();
    packet.setByte(0, 0xa0);
    assertThat(RtcpCompound.isValid(packet)).isFalse();
  }

  @Test
  void nothing_that_passes_the_gate_makes_the_walk_fail() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    int passed = 0;
    for (int i = 0; i < 200_000; i++) {
      ByteBuf packet = Unpooled.buffer();
      PartyReports.writeSenderReport(
          packet, 1, Instant.EPOCH, 2, 3, 4, random.nextBoolean() ? BLOCK : null, "abc");
      for (int flips = random.nextInt(1, 4); flips > 0; flips--) {
        int at = random.nextInt(packet.readableBytes());
        packet.setByte(at, packet.getByte(at) ^ (1 << random.nextInt(8)));
      }
      packet.writerIndex(random.nextInt(packet.readableBytes() + 1));
      if (RtcpCompound.isValid(packet)) {
        passed++;
        RtcpCompound.walk(packet, new RtcpCompound.Listener() {});
      }
    }
    assertThat(passed).as("seed %d", seed).isPositive();
  }

  private static List<String> told(ByteBuf packet) {
    List<String> told = new ArrayList<>();
    RtcpCompound.walk(
        packet,
        new RtcpCompound.Listener() {
          @Override
          public void senderReport(int ssrc, long ntp, int timestamp, long packets, long octets) {
            told.add("SR %x %x %d %d %d".formatted(ssrc, ntp, timestamp, packets, octets));
          }

          @Override
          public void receiverReport(int ssrc) {
            told.add("RR %x".formatted(ssrc));
          }

          @Override
          public void reportBlock(
              int reporter,
              int source,
              int fraction,
              int lost,
              long highest,
              long jitter,
              int lastReport,
              long delay) {
            told.add(
                "block %x %x %d %d %d %d %x %d"
                    .formatted(
                        reporter, source, fraction, lost, highest, jitter, lastReport, delay));
          }

          @Override
          public void other(int packetType) {
            told.add("other " + packetType);
          }
        });
    return told;
  }
}
