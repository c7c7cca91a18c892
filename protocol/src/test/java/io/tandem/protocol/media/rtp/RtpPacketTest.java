package io.tandem.protocol.media.rtp;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RtpPacketTest {
  /**
   * V=2 P X CC=2, M PT=101, two CSRCs, an extension of one word, four octets of voice, padding 4.
   */
  private static final String FULL =
      "b2e5fffe"
          + "80000001"
          + "deadbeef"
          + "00000001"
          + "00000002"
          + "bede0001"
          + "10ff0000"
          + "01020304"
          + "00000004";

  @Test
  void every_field_is_read_where_the_drawing_has_it() {
    ByteBuf packet = hex("ffff" + FULL).skipBytes(2);
    assertThat(RtpPacket.isValid(packet)).isTrue();
    assertThat(RtpPacket.version(packet)).isEqualTo(2);
    assertThat(RtpPacket.hasPadding(packet)).isTrue();
    assertThat(RtpPacket.hasExtension(packet)).isTrue();
    assertThat(RtpPacket.csrcCount(packet)).isEqualTo(2);
    assertThat(RtpPacket.marker(packet)).isTrue();
    assertThat(RtpPacket.payloadType(packet)).isEqualTo(101);
    assertThat(RtpPacket.sequence(packet)).isEqualTo(0xfffe);
    assertThat(RtpPacket.timestamp(packet)).isEqualTo(0x80000001);
    assertThat(RtpPacket.ssrc(packet)).isEqualTo(0xdeadbeef);
    assertThat(RtpPacket.headerOctets(packet)).isEqualTo(28);
    assertThat(RtpPacket.payloadOctets(packet)).isEqualTo(4);
    assertThat(packet.getInt(RtpPacket.payloadIndex(packet))).isEqualTo(0x01020304);
    assertThat(packet.readerIndex()).isEqualTo(2);
  }

  @Test
  void what_is_written_is_read_back() {
    ByteBuf packet = Unpooled.buffer();
    RtpPacket.writeHeader(packet, true, 8, 70_000, -5, 42);
    packet.writeZero(160);
    assertThat(RtpPacket.isValid(packet)).isTrue();
    assertThat(RtpPacket.marker(packet)).isTrue();
    assertThat(RtpPacket.payloadType(packet)).isEqualTo(8);
    assertThat(RtpPacket.sequence(packet)).isEqualTo(70_000 - 65_536);
    assertThat(RtpPacket.timestamp(packet)).isEqualTo(-5);
    assertThat(RtpPacket.ssrc(packet)).isEqualTo(42);
    assertThat(RtpPacket.payloadOctets(packet)).isEqualTo(160);
  }

  @Test
  void a_packet_cut_off_within_its_header_is_refused_at_every_length() {
    byte[] full = HexFormat.of().parseHex(FULL);
    for (int length = 0; length < 28; length++) {
      assertThat(RtpPacket.isValid(Unpooled.wrappedBuffer(full, 0, length)))
          .as("cut to %d octets", length)
          .isFalse();
    }
  }

  @Test
  void other_versions_impossible_padding_and_rtcp_types_are_refused() {
    assertThat(RtpPacket.isValid(hex("4000" + "00".repeat(20)))).isFalse();
    assertThat(RtpPacket.isValid(hex("a000" + "00".repeat(10)))).isFalse();
    assertThat(RtpPacket.isValid(hex("a000" + "00".repeat(10) + "ff"))).isFalse();
    assertThat(RtpPacket.isValid(hex("80c8" + "00".repeat(26)))).isFalse();
  }

  @Test
  void nothing_that_passes_the_gate_makes_a_reader_fail() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    int passed = 0;
    for (int i = 0; i < 200_000; i++) {
      byte[] noise = new byte[random.nextInt(0, 200)];
      random.nextBytes(noise);
      if (noise.length > 0 && random.nextBoolean()) {
        noise[0] = (byte) (0x80 | (noise[0] & 0x3f));
      }
      ByteBuf packet = Unpooled.wrappedBuffer(noise);
      if (RtpPacket.isValid(packet)) {
        passed++;
        assertThat(RtpPacket.payloadOctets(packet)).as("seed %d", seed).isNotNegative();
        assertThat(RtpPacket.payloadIndex(packet)).isLessThanOrEqualTo(noise.length);
      }
    }
    assertThat(passed).isPositive();
  }

  private static ByteBuf hex(String octets) {
    return Unpooled.wrappedBuffer(HexFormat.of().parseHex(octets));
  }
}
