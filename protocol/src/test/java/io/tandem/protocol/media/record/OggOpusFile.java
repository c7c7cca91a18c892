package io.tandem.protocol.media.record;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.protocol.media.codec.VoiceCodec;
import io.tandem.protocol.media.codec.VoiceDecoder;
import io.tandem.protocol.media.playout.ToneDetector;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Reads an Ogg/Opus file of two streams as RFC 3533 and 7845 say, apart from what writes it: page
 * by page, each with its checksum taken bit by bit; what is cut off at the end is left out.
 */
record OggOpusFile(List<Page> pages, List<byte[]> packets) {
  record Page(int flags, long granule, int number, int packets) {}

  static OggOpusFile read(byte[] file) {
    List<Page> pages = new ArrayList<>();
    List<byte[]> packets = new ArrayList<>();
    ByteBuffer in = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    while (in.remaining() >= 27) {
      int start = in.position();
      int laces = in.get(start + 26) & 0xff;
      int body = 0;
      for (int i = 0; i < laces && start + 27 + i < file.length; i++) {
        body += in.get(start + 27 + i) & 0xff;
      }
      if (in.remaining() < 27 + laces + body) {
        break;
      }
      byte[] page = Arrays.copyOfRange(file, start, start + 27 + laces + body);
      assertThat(new String(page, 0, 4, StandardCharsets.US_ASCII)).isEqualTo("OggS");
      assertThat(in.getInt(start + 22)).as("checksum").isEqualTo(checksum(page));
      ByteArrayOutputStream packet = new ByteArrayOutputStream();
      int at = 27 + laces;
      int ended = 0;
      for (int i = 0; i < laces; i++) {
        int lace = page[27 + i] & 0xff;
        packet.write(page, at, lace);
        at += lace;
        if (lace < 255) {
          packets.add(packet.toByteArray());
          packet.reset();
          ended++;
        }
      }
      pages.add(new Page(page[5], in.getLong(start + 6), in.getInt(start + 18), ended));
      in.position(start + page.length);
    }
    return new OggOpusFile(pages, packets);
  }

  private static int checksum(byte[] page) {
    byte[] cleared = page.clone();
    Arrays.fill(cleared, 22, 26, (byte) 0);
    int sum = 0;
    for (byte octet : cleared) {
      for (int bit = 7; bit >= 0; bit--) {
        boolean out = (sum < 0) != ((octet >> bit & 1) == 1);
        sum = (sum << 1) ^ (out ? 0x04c11db7 : 0);
      }
    }
    return sum;
  }

  boolean ended() {
    return (pages.getLast().flags() & 4) != 0;
  }

  int preSkip() {
    return ByteBuffer.wrap(packets.getFirst()).order(ByteOrder.LITTLE_ENDIAN).getShort(10);
  }

  /** Both sides at 48 kHz, without what is to be skipped and what lies behind the end. */
  short[][] sides() {
    List<byte[]> audio = packets.subList(2, packets.size());
    short[][] sides = new short[2][audio.size() * 960];
    try (VoiceDecoder left = VoiceCodec.OPUS.newDecoder();
        VoiceDecoder right = VoiceCodec.OPUS.newDecoder()) {
      short[] room = new short[VoiceCodec.OPUS.maxSamplesPerPacket()];
      for (int i = 0; i < audio.size(); i++) {
        byte[] packet = audio.get(i);
        int first = packet[1] & 0xff;
        boolean two = first >= 252;
        int length = two ? first + 4 * (packet[2] & 0xff) : first;
        int body = two ? 3 : 2;
        byte[] ofLeft = new byte[1 + length];
        ofLeft[0] = packet[0];
        System.arraycopy(packet, body, ofLeft, 1, length);
        assertThat(left.decode(ofLeft, 0, ofLeft.length, room)).isEqualTo(960);
        System.arraycopy(room, 0, sides[0], i * 960, 960);
        int rest = body + length;
        assertThat(right.decode(packet, rest, packet.length - rest, room)).isEqualTo(960);
        System.arraycopy(room, 0, sides[1], i * 960, 960);
      }
    }
    int end = (int) Math.min(pages.getLast().granule(), sides[0].length);
    return new short[][] {
      Arrays.copyOfRange(sides[0], preSkip(), end), Arrays.copyOfRange(sides[1], preSkip(), end)
    };
  }

  /** 440 Hz on the left, 1000 Hz on the right, for at least so long. */
  void holdsTones(double atLeastSeconds) {
    short[][] sides = sides();
    assertThat(sides[0].length).isGreaterThanOrEqualTo((int) (atLeastSeconds * 48_000));
    for (int side = 0; side < 2; side++) {
      short[] slow = new short[sides[side].length / 6];
      for (int i = 0; i < slow.length; i++) {
        slow[i] = sides[side][6 * i];
      }
      assertThat(ToneDetector.detect(slow).is(side == 0 ? 440 : 1000, 3)).isTrue();
    }
  }
}
