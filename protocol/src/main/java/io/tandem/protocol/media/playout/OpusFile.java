package io.tandem.protocol.media.playout;

import io.tandem.protocol.media.codec.VoiceCodec;
import io.tandem.protocol.media.codec.VoiceDecoder;
import io.tandem.protocol.media.ogg.OggPackets;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * Reads Ogg/Opus files (RFC 7845) as prompts, mono. One stream of one or two channels, which the
 * decoder mixes down, or two streams of one, as our recordings have them. A file that is cut off or
 * damaged is as long as what is good of it.
 */
final class OpusFile {
  private static final int RATE_HZ = VoiceCodec.OPUS.sampleRateHz();
  private static final byte[] HEAD = "OpusHead".getBytes(StandardCharsets.US_ASCII);
  private static final int HEAD_OCTETS = 19;
  private static final int MAPPED_HEAD_OCTETS = 21;
  private static final int MAX_SAMPLES = Prompt.MAX_SECONDS * RATE_HZ;
  private static final int LONGEST_SHORT_LENGTH = 251;

  /** What RFC 7845 §5.1 puts into the first packet, as far as it matters here. */
  private record Head(int preSkip, double gain, int streams) {}

  private final Head head;
  private final VoiceDecoder[] decoders;
  private final short[] room = new short[VoiceCodec.OPUS.maxSamplesPerPacket()];
  private short[] samples = new short[RATE_HZ];
  private int count;

  private OpusFile(Head head) {
    this.head = head;
    this.decoders = new VoiceDecoder[head.streams()];
    for (int i = 0; i < decoders.length; i++) {
      decoders[i] = VoiceCodec.OPUS.newDecoder();
    }
  }

  static Prompt.Reading read(InputStream in) throws IOException {
    OggPackets packets = new OggPackets(in);
    Optional<Head> head = packets.next().flatMap(OpusFile::head);
    if (head.isEmpty() || packets.next().isEmpty()) {
      return new Prompt.Reading.Refused("no Ogg/Opus file of one or two channels");
    }
    OpusFile file = new OpusFile(head.get());
    try {
      return file.read(packets);
    } finally {
      for (VoiceDecoder decoder : file.decoders) {
        decoder.close();
      }
    }
  }

  private static Optional<Head> head(byte[] packet) {
    if (packet.length < HEAD_OCTETS
        || !Arrays.equals(packet, 0, HEAD.length, HEAD, 0, HEAD.length)) {
      return Optional.empty();
    }
    ByteBuffer fields = ByteBuffer.wrap(packet).order(ByteOrder.LITTLE_ENDIAN);
    int channels = packet[9];
    int family = packet[18];
    boolean mapped = family == 1 && packet.length >= MAPPED_HEAD_OCTETS;
    int streams = family == 0 ? 1 : mapped ? packet[19] : 0;
    boolean known = (packet[8] & 0xf0) == 0 && channels >= 1 && channels <= 2;
    if (!known || streams < 1 || streams > channels) {
      return Optional.empty();
    }
    double gain = Math.pow(10, fields.getShort(16) / 256.0 / 20);
    return Optional.of(new Head(Short.toUnsignedInt(fields.getShort(10)), gain, streams));
  }

  private Prompt.Reading read(OggPackets packets) throws IOException {
    Optional<byte[]> packet = packets.next();
    while (packet.isPresent()) {
      add(packet.get());
      if (count - head.preSkip() > MAX_SAMPLES) {
        return new Prompt.Reading.Refused("at most " + Prompt.MAX_SECONDS + " seconds");
      }
      packet = packets.next();
    }
    // RFC 7845 §4.4: the last page may end before its packets do.
    long end = packets.ended() ? Math.min(count, packets.granule()) : count;
    int from = Math.min(head.preSkip(), count);
    short[] whole = Arrays.copyOfRange(samples, from, Math.max(from, (int) end));
    if (head.gain() != 1) {
      for (int i = 0; i < whole.length; i++) {
        double louder = Math.rint(whole[i] * head.gain());
        whole[i] = (short) Math.clamp(louder, Short.MIN_VALUE, Short.MAX_VALUE);
      }
    }
    return new Prompt.Reading.Read(Prompt.of(whole, RATE_HZ));
  }

  private void add(byte[] packet) {
    if (decoders.length == 1) {
      append(decoders[0].decode(packet, 0, packet.length, room), 1);
      return;
    }
    // The first stream delimits itself (RFC 6716 appendix B): type, length, frame.
    boolean two = packet.length > 2 && (packet[1] & 0xff) > LONGEST_SHORT_LENGTH;
    int body = two ? 3 : 2;
    if (packet.length <= body || (packet[0] & 3) != 0) {
      append(VoiceDecoder.UNREADABLE, 1);
      return;
    }
    int length = (packet[1] & 0xff) + (two ? 4 * (packet[2] & 0xff) : 0);
    if (body + length >= packet.length) {
      append(VoiceDecoder.UNREADABLE, 1);
      return;
    }
    byte[] first = new byte[1 + length];
    first[0] = packet[0];
    System.arraycopy(packet, body, first, 1, length);
    int at = count;
    append(decoders[0].decode(first, 0, first.length, room), 2);
    int rest = body + length;
    int others = decoders[1].decode(packet, rest, packet.length - rest, room);
    for (int i = 0; i < Math.min(others, count - at); i++) {
      samples[at + i] += (short) (room[i] / 2);
    }
  }

  private void append(int decoded, int share) {
    if (decoded == VoiceDecoder.UNREADABLE) {
      return;
    }
    if (count + decoded > samples.length) {
      samples = Arrays.copyOf(samples, 2 * samples.length + decoded);
    }
    for (int i = 0; i < decoded; i++) {
      samples[count + i] = (short) (room[i] / share);
    }
    count += decoded;
  }
}
