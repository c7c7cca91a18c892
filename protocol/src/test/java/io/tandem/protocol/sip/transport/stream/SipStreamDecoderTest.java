package io.tandem.protocol.sip.transport.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.tandem.protocol.sip.message.ParseOutcome;
import io.tandem.protocol.sip.message.SipLimits;
import io.tandem.protocol.sip.message.SipMessage;
import io.tandem.protocol.sip.message.SipRequest;
import io.tandem.protocol.sip.message.SipResponse;
import io.tandem.protocol.sip.transport.Samples;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class SipStreamDecoderTest {
  private static final String BODY = "v=0\r\n\r\nINVITE sip:no@body SIP/2.0\r\n\r\n";
  private static final String INVITE = Samples.request("INVITE", "c", BODY);
  private static final String BYE = Samples.request("BYE", "Content-Length", "");
  private static final String FOLDED =
      BYE.replace("Content-Length: 0", "Content-Length \r\n :\t\r\n 0").replace(" \r\n :", " :");

  @Test
  void two_messages_are_cut_right_at_every_split_point() {
    byte[] stream = bytes(INVITE + BYE);
    List<Object> whole = feed(stream);
    assertThat(whole).hasSize(2).allMatch(ParseOutcome.Good.class::isInstance);
    assertThat(((SipRequest) message(whole.get(0))).bodyText()).isEqualTo(BODY);

    for (int split = 1; split < stream.length; split++) {
      List<Object> parts =
          feed(Arrays.copyOf(stream, split), Arrays.copyOfRange(stream, split, stream.length));
      assertThat(parts).as("split at %d", split).isEqualTo(whole);
    }
  }

  @Test
  void messages_and_pings_fed_byte_by_byte_are_the_same() {
    byte[] stream = bytes("\r\n\r\n" + INVITE + "\r\n\r\n\r\n" + FOLDED + "\r\n" + BYE);
    byte[][] single = new byte[stream.length][];
    for (int i = 0; i < stream.length; i++) {
      single[i] = new byte[] {stream[i]};
    }

    List<Object> read = feed(single);

    assertThat(read).isEqualTo(feed(stream));
    assertThat(read).hasSize(5);
    assertThat(read.get(0)).isEqualTo(SipStreamDecoder.KeepAlive.PING);
    assertThat(read.get(2)).isEqualTo(SipStreamDecoder.KeepAlive.PING);
    assertThat(((SipRequest) message(read.get(3))).method()).isEqualTo("BYE");
  }

  @Test
  void a_request_without_content_length_is_refused_and_ends_the_stream() {
    String unframed = BYE.replace("Content-Length: 0\r\n", "");

    List<Object> read = feed(bytes(unframed + INVITE));

    assertThat(read).hasSize(2);
    assertThat(read.get(0))
        .isInstanceOfSatisfying(
            ParseOutcome.Bad.class, bad -> assertThat(bad.header()).isEqualTo("Content-Length"));
    assertThat(read.get(1)).isEqualTo(SipStreamDecoder.FramingLost.LOST);
  }

  @Test
  void a_malformed_or_doubled_or_huge_content_length_ends_the_stream() {
    for (String length :
        new String[] {
          "Content-Length: -1",
          "Content-Length: 1x",
          "Content-Length:",
          "l: 0\r\nContent-Length: 0",
          "Content-Length: 999999999",
          "Content-Length: 99999999999999999999"
        }) {
      List<Object> read = feed(bytes(BYE.replace("Content-Length: 0", length)));

      assertThat(read).as(length).hasSize(2);
      assertThat(read.get(0)).as(length).isInstanceOf(ParseOutcome.Bad.class);
      assertThat(read.get(1)).isEqualTo(SipStreamDecoder.FramingLost.LOST);
    }
  }

  @Test
  void a_head_that_does_not_end_is_refused_at_the_limit() {
    String endless = BYE.substring(0, BYE.length() - 2) + "X-Pad: 0\r\n".repeat(200);

    List<Object> read = feed(bytes(endless), bytes(endless));

    assertThat(read).hasSize(2);
    assertThat(read.get(0))
        .isInstanceOfSatisfying(
            ParseOutcome.Bad.class, bad -> assertThat(bad.status()).isEqualTo(513));
    assertThat(read.get(1)).isEqualTo(SipStreamDecoder.FramingLost.LOST);
  }

  @Test
  void a_bad_message_of_known_length_does_not_end_the_stream() {
    List<Object> read = feed(bytes(INVITE.replace("CSeq: 1 ", "CSeq: x ") + BYE));

    assertThat(read).hasSize(2);
    assertThat(read.get(0)).isInstanceOf(ParseOutcome.Bad.class);
    assertThat(read.get(1)).isInstanceOf(ParseOutcome.Good.class);
  }

  @Test
  void a_response_is_cut_like_a_request() {
    String response =
        new String(SipResponse.to(Samples.bye(), 200, "t").toBytes(), StandardCharsets.UTF_8);

    assertThat(feed(bytes(response + response))).hasSize(2);
  }

  private static SipMessage message(Object outcome) {
    return ((ParseOutcome.Good) outcome).message();
  }

  private static List<Object> feed(byte[]... parts) {
    EmbeddedChannel channel =
        new EmbeddedChannel(new SipStreamDecoder(new SipLimits(3_000, 50, 500)));
    for (byte[] part : parts) {
      channel.writeInbound(Unpooled.wrappedBuffer(part));
    }
    List<Object> read = new ArrayList<>();
    for (Object next = channel.readInbound(); next != null; next = channel.readInbound()) {
      read.add(next);
    }
    channel.finishAndReleaseAll();
    return read;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
