package io.tandem.protocol.sip.transport.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.tandem.protocol.sip.message.ParseOutcome;
import io.tandem.protocol.sip.message.SipLimits;
import io.tandem.protocol.sip.transport.Samples;
import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * How the network cuts a stream into segments changes nothing: every message of RFC 4475 and RFC
 * 5118, and streams of several, at each split point, byte by byte, and cut at random.
 */
class EverySplitTest {
  private static final String BODY = "v=0\r\n\r\nBYE sip:no@body SIP/2.0\r\nl: 0\r\n\r\n";

  static List<Path> messages() throws IOException, URISyntaxException {
    List<Path> all = new ArrayList<>();
    for (String rfc : List.of("rfc4475", "rfc5118")) {
      Path folder = Path.of(EverySplitTest.class.getResource("/vectors/" + rfc).toURI());
      try (Stream<Path> files = Files.list(folder)) {
        all.addAll(files.sorted().toList());
      }
    }
    return all;
  }

  /**
   * As it is on the wire: those of RFC 5118 are stored with bare line feeds, and as printed some of
   * their Content-Lengths are not those of their bodies with CRLF.
   */
  private static byte[] bytes(Path file) throws IOException {
    byte[] stored = Files.readAllBytes(file);
    if (!file.getParent().endsWith("rfc5118")) {
      return stored;
    }
    String lines =
        new String(stored, StandardCharsets.UTF_8).replace("\r\n", "\n").replace("\n", "\r\n");
    int head = lines.indexOf("\r\n\r\n");
    int body = head < 0 ? 0 : lines.length() - head - 4;
    String whole = head < 0 ? lines + "\r\n" : lines;
    return whole
        .replaceFirst("Content-Length: \\d+", "Content-Length: " + body)
        .getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void every_message_of_rfc_5118_is_one_message_with_nothing_left() throws Exception {
    for (Path file : messages()) {
      if (file.getParent().endsWith("rfc5118")) {
        byte[] message = bytes(file);
        assertThat(feed(message, message.length)).as("%s", file.getFileName()).hasSize(1);
      }
    }
  }

  /** Streams with more than one message, and with lies about where they end. */
  static List<String> streams() {
    String invite = Samples.request("INVITE", "c", BODY);
    String bye = Samples.request("BYE", "Content-Length", "");
    String ping = "\r\n\r\n";
    return List.of(
        invite + bye + invite,
        ping + invite + ping + bye + ping + ping + bye,
        "\r\n" + invite + "\r\n" + bye,
        "\n\n" + bye + "\n" + bye,
        invite.replace("\r\n", "\n") + bye,
        bye.replace("Content-Length: 0", "Content-Length :\r\n\t0") + invite,
        // too short: what is left over is taken for a message
        invite.replace("l: " + BODY.length(), "l: " + (BODY.length() - 3)) + bye,
        // too long: it takes the head of the next, whose rest is no message
        invite.replace("l: " + BODY.length(), "l: " + (BODY.length() + 40)) + bye + bye,
        // absent, doubled, negative, no number, huge: the framing is lost
        bye.replace("Content-Length: 0\r\n", "") + invite,
        bye.replace("Content-Length: 0", "Content-Length: 0\r\nl: 0") + invite,
        bye.replace("Content-Length: 0", "Content-Length: -5") + invite,
        bye.replace("Content-Length: 0", "Content-Length: ten") + invite,
        bye.replace("Content-Length: 0", "Content-Length: 4294967296") + invite,
        bye.replace("Content-Length: 0", "Content-Length: 999999") + invite);
  }

  @ParameterizedTest
  @MethodSource("messages")
  void a_torture_message_is_read_the_same_at_each_split(Path file) throws IOException {
    requireSameAtEachSplit(bytes(file));
  }

  @ParameterizedTest
  @MethodSource("streams")
  void a_stream_is_read_the_same_at_each_split(String text) {
    requireSameAtEachSplit(text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void all_torture_messages_that_have_an_end_are_read_from_one_stream() throws Exception {
    List<byte[]> framed = new ArrayList<>();
    for (Path file : messages()) {
      byte[] message = bytes(file);
      List<String> alone = feed(message, message.length);
      if (alone.size() == 1 && !alone.getFirst().contains("LOST")) {
        framed.add(message);
      }
    }
    byte[] stream = joined(framed);
    List<String> whole = feed(stream, stream.length);

    assertThat(framed).hasSizeGreaterThan(45);
    assertThat(whole).hasSameSizeAs(framed);
    assertThat(feed(stream, 1)).isEqualTo(whole);
    assertThat(feed(stream, 1_460)).isEqualTo(whole);
  }

  @ParameterizedTest
  @MethodSource("streams")
  void random_segments_change_nothing(String text) {
    byte[] stream = text.getBytes(StandardCharsets.UTF_8);
    List<String> whole = feed(stream, stream.length);
    for (long seed = 0; seed < 40; seed++) {
      Random random = new Random(seed);
      List<byte[]> parts = new ArrayList<>();
      for (int from = 0; from < stream.length; ) {
        int to = Math.min(stream.length, from + 1 + random.nextInt(60));
        parts.add(Arrays.copyOfRange(stream, from, to));
        from = to;
      }
      assertThat(feed(parts)).as("seed %d", seed).isEqualTo(whole);
    }
  }

  private static void requireSameAtEachSplit(byte[] stream) {
    List<String> whole = feed(stream, stream.length);
    assertThat(feed(stream, 1)).as("byte by byte").isEqualTo(whole);
    for (int split = 1; split < stream.length; split++) {
      List<byte[]> two =
          List.of(Arrays.copyOf(stream, split), Arrays.copyOfRange(stream, split, stream.length));
      assertThat(feed(two)).as("split at %d", split).isEqualTo(whole);
    }
  }

  private static List<String> feed(byte[] stream, int segmentBytes) {
    List<byte[]> parts = new ArrayList<>();
    for (int from = 0; from < stream.length; from += segmentBytes) {
      parts.add(Arrays.copyOfRange(stream, from, Math.min(stream.length, from + segmentBytes)));
    }
    return feed(parts);
  }

  /** What was read, whole messages by their bytes. */
  private static List<String> feed(List<byte[]> parts) {
    EmbeddedChannel channel = new EmbeddedChannel(new SipStreamDecoder(SipLimits.DEFAULT));
    for (byte[] part : parts) {
      channel.writeInbound(Unpooled.wrappedBuffer(part));
    }
    List<String> read = new ArrayList<>();
    for (Object next = channel.readInbound(); next != null; next = channel.readInbound()) {
      read.add(
          next instanceof ParseOutcome.Good good
              ? new String(good.message().toBytes(), StandardCharsets.UTF_8)
              : next.toString());
    }
    channel.finishAndReleaseAll();
    return read;
  }

  private static byte[] joined(List<byte[]> parts) throws IOException {
    try (InputStream in =
        new java.io.SequenceInputStream(
            java.util.Collections.enumeration(
                parts.stream().map(java.io.ByteArrayInputStream::new).toList()))) {
      return in.readAllBytes();
    }
  }
}
