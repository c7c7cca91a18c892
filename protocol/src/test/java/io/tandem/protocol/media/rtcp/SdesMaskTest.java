package io.tandem.protocol.media.rtcp;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What a party's RTCP says of its person stays here. */
class SdesMaskTest {
  private static final int SSRC = 0x1234;

  @Test
  void names_addresses_and_numbers_of_every_chunk_are_taken_out_and_nothing_else_is_touched() {
    ByteBuf packet = described();
    int octets = packet.readableBytes();
    byte[] header = ByteBufUtil.getBytes(packet, 0, 16);
    SdesMask.apply(packet, 4711);
    String said = packet.toString(StandardCharsets.US_ASCII);
    assertThat(said).doesNotContain("mara", "example", "Mara", "0123", "client");
    assertThat(packet.readableBytes()).isEqualTo(octets);
    assertThat(ByteBufUtil.getBytes(packet, 0, 16)).isEqualTo(header);
    assertThat(RtcpCompound.isValid(packet)).isTrue();
    assertThat(said.substring(18, 18 + 12)).matches("[a-z]{12}");
    assertThat(said.substring(32, 36)).isEqualTo("    ");
  }

  @Test
  void the_name_of_a_call_is_the_same_each_time_and_another_in_another_call() {
    ByteBuf first = described();
    ByteBuf again = described();
    ByteBuf other = described();
    SdesMask.apply(first, 1);
    SdesMask.apply(again, 1);
    SdesMask.apply(other, 2);
    assertThat(first).isEqualTo(again).isNotEqualTo(other);
  }

  @Test
  void what_lies_about_its_lengths_is_not_read_or_written_beyond_its_end() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int i = 0; i < 20_000; i++) {
      byte[] noise = new byte[4 * random.nextInt(2, 12)];
      random.nextBytes(noise);
      ByteBuf packet = Unpooled.buffer();
      packet.writeByte(0x80).writeByte(201).writeShort(1).writeInt(SSRC);
      packet.writeByte(0x80 | random.nextInt(32)).writeByte(202).writeShort(noise.length / 4);
      packet.writeBytes(noise).writeLong(-1);
      packet.writerIndex(packet.writerIndex() - 8);
      SdesMask.apply(packet, i);
      assertThat(packet.getLong(packet.writerIndex())).as("seed %d", seed).isEqualTo(-1);
    }
  }

  /** An empty receiver report and two chunks. */
  private static ByteBuf described() {
    ByteBuf packet = Unpooled.buffer();
    packet.writeByte(0x80).writeByte(201).writeShort(1).writeInt(SSRC);
    int at = packet.writerIndex();
    packet.writeByte(0x82).writeByte(202).writeShort(0);
    packet.writeInt(SSRC);
    item(packet, 1, "mara@exampl1");
    item(packet, 2, "Mara");
    item(packet, 4, "0123 456");
    end(packet, at);
    packet.writeInt(SSRC + 1);
    item(packet, 1, "mara@example.invalid");
    item(packet, 8, "\006client7");
    end(packet, at);
    packet.setShort(at + 2, (packet.writerIndex() - at) / 4 - 1);
    return packet;
  }

  private static void item(ByteBuf packet, int type, String text) {
    packet.writeByte(type).writeByte(text.length());
    packet.writeCharSequence(text, StandardCharsets.US_ASCII);
  }

  private static void end(ByteBuf packet, int from) {
    do {
      packet.writeByte(0);
    } while ((packet.writerIndex() - from) % 4 != 0);
  }
}
