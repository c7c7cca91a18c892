package io.tandem.protocol.media.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.tandem.protocol.media.rtp.RtpPacket;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PcapTest {
  private static final InetSocketAddress FROM = at("192.0.2.1", 40_000);
  private static final InetSocketAddress TO = at("198.51.100.9", 60_000);

  @TempDir Path folder;

  @Test
  void what_is_written_is_read_back() throws IOException {
    List<CapturedDatagram> sent = call(5);
    Path file = folder.resolve("call.pcap");
    PcapWriter.write(file, sent);
    List<CapturedDatagram> read = PcapReader.read(file);
    assertThat(read).usingRecursiveFieldByFieldElementComparator().containsExactlyElementsOf(sent);
    assertThat(read.get(2).voice(0)).hasValueSatisfying(v -> assertThat(v).hasSize(160));
    assertThat(read.get(2).voice(8)).isEmpty();
  }

  @Test
  void a_capture_of_the_newer_format_is_read_in_both_byte_orders() throws IOException {
    Path file = folder.resolve("call.pcap");
    List<CapturedDatagram> sent = call(1);
    PcapWriter.write(file, sent);
    byte[] all = Files.readAllBytes(file);
    byte[] frame = Arrays.copyOfRange(all, 24 + 16, all.length);
    for (ByteOrder order : List.of(ByteOrder.BIG_ENDIAN, ByteOrder.LITTLE_ENDIAN)) {
      Files.write(file, pcapng(order, frame, sent.get(0).at()));
      assertThat(PcapReader.read(file))
          .usingRecursiveFieldByFieldElementComparator()
          .containsExactlyElementsOf(sent);
    }
  }

  /** Section header, one interface that counts nanoseconds, one enhanced packet. */
  private static byte[] pcapng(ByteOrder order, byte[] frame, Instant at) {
    int padded = (frame.length + 3) / 4 * 4;
    long ticks = at.getEpochSecond() * 1_000_000_000L + at.getNano();
    ByteBuffer out = ByteBuffer.allocate(28 + 32 + 32 + padded).order(order);
    out.putInt(0x0a0d0d0a).putInt(28).putInt(0x1a2b3c4d);
    out.putShort((short) 1).putShort((short) 0).putLong(-1).putInt(28);
    out.putInt(1).putInt(32).putShort((short) 1).putShort((short) 0).putInt(65535);
    out.putShort((short) 9).putShort((short) 1).put((byte) 9).put(new byte[3]);
    out.putInt(0).putInt(32);
    out.putInt(6).putInt(32 + padded).putInt(0);
    out.putInt((int) (ticks >>> 32)).putInt((int) ticks);
    out.putInt(frame.length).putInt(frame.length).put(frame).put(new byte[padded - frame.length]);
    return out.putInt(32 + padded).array();
  }

  @Test
  void a_file_cut_off_anywhere_gives_what_is_whole() throws IOException {
    Path file = folder.resolve("call.pcap");
    PcapWriter.write(file, call(3));
    byte[] whole = Files.readAllBytes(file);
    for (int length = 24; length < whole.length; length++) {
      Files.write(file, Arrays.copyOf(whole, length));
      assertThat(PcapReader.read(file)).hasSize((length - 24) / (16 + 42 + 172));
    }
  }

  @Test
  void a_file_that_is_no_capture_is_refused() throws IOException {
    Path file = folder.resolve("no.pcap");
    Files.writeString(file, "this is a text and not a capture of packets at all");
    assertThatThrownBy(() -> PcapReader.read(file)).hasMessageContaining("no.pcap");
    Files.writeString(file, "short");
    assertThatThrownBy(() -> PcapReader.read(file)).hasMessageContaining("too short");
  }

  @Test
  void noise_in_a_capture_never_makes_the_reader_fail() throws IOException {
    Path file = folder.resolve("noise.pcap");
    PcapWriter.write(file, call(4));
    byte[] good = Files.readAllBytes(file);
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int i = 0; i < 300; i++) {
      byte[] bad = good.clone();
      for (int flips = 0; flips < 40; flips++) {
        bad[random.nextInt(20, bad.length)] = (byte) random.nextInt();
      }
      Files.write(file, bad);
      assertThat(PcapReader.read(file)).as("seed %d", seed).hasSizeLessThanOrEqualTo(1000);
    }
  }

  private static List<CapturedDatagram> call(int packets) {
    List<CapturedDatagram> call = new ArrayList<>();
    for (int i = 0; i < packets; i++) {
      ByteBuf packet = Unpooled.buffer(172);
      RtpPacket.writeHeader(packet, i == 0, 0, i, 160 * i, 99);
      packet.writeBytes(new byte[160]);
      Instant at = Instant.ofEpochSecond(1_700_000_000L, i * 20_000_000L);
      call.add(new CapturedDatagram(at, FROM, TO, packet.array()));
    }
    return call;
  }

  private static InetSocketAddress at(String literal, int port) {
    return new InetSocketAddress(InetAddress.ofLiteral(literal), port);
  }
}
