package io.tandem.protocol.sip.defence;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.protocol.sip.message.ParseOutcome;
import io.tandem.protocol.sip.message.SipParser;
import io.tandem.protocol.sip.message.SipRequest;
import io.tandem.protocol.sip.message.SipResponse;
import io.tandem.protocol.sip.transport.TransportProtocol;
import io.tandem.protocol.sip.transport.ViaRules;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is made without reading the request is what would be made by reading it. */
class EarlyRefusalTest {
  private static final InetSocketAddress SOURCE = new InetSocketAddress("192.0.2.7", 45_678);

  private static final String INVITE =
      """
      INVITE sip:18005550100@tandem.example SIP/2.0
      %s
      v: SIP/2.0/UDP proxy.example;branch=z9hG4bK-2
      From: "A; \\"B\\" <c>" <sip:a@example.com;tag=no>;tag=f1
      %s
      i: call-1@example.com
      Max-Forwards: 70
      Contact: <sip:a@192.0.2.7:45678>
      User-Agent: a phone of theirs
      CSeq: 7 INVITE
      Content-Length: 0

      """;

  private static byte[] message(String via, String to) {
    return INVITE.formatted(via, to).replace("\n", "\r\n").getBytes(StandardCharsets.ISO_8859_1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Via: SIP/2.0/UDP 192.0.2.7:5070;branch=z9hG4bK-1",
        "Via: SIP/2.0/UDP 192.0.2.7;branch=z9hG4bK-1",
        "Via: SIP/2.0/UDP phone.local:5070;branch=z9hG4bK-1",
        "Via: SIP/2.0/UDP phone.local:5070;rport;branch=z9hG4bK-1",
        "Via: SIP/2.0/UDP 192.0.2.7:5070;branch=z9hG4bK-1;rport",
        "Via: SIP/2.0/UDP [2001:db8::1]:5070;branch=z9hG4bK-1",
        "v:SIP/2.0/UDP phone.local;branch=z9hG4bK-1, SIP/2.0/UDP next.example;branch=z9hG4bK-0"
      })
  void it_is_the_response_the_stack_would_give(String via) {
    byte[] request = message(via, "To: <sip:18005550100@tandem.example;tag=uri>");
    EarlyRefusal early = EarlyRefusal.of(request, request.length, SOURCE, "gone");
    assertThat(early).isNotNull();
    SipRequest read = request(request);
    SipRequest seen = read.withTopVia(ViaRules.seen(read.topVia(), SOURCE));
    SipResponse slow = SipResponse.to(seen, 503, "gone");
    SipResponse fast = response(early.bytes());
    for (String name : new String[] {"Via", "From", "To", "Call-ID", "CSeq"}) {
      assertThat(fast.headers().all(name)).as(name).hasSameSizeAs(slow.headers().all(name));
    }
    assertThat(fast.status()).isEqualTo(503);
    assertThat(fast.toTag()).isEqualTo("gone");
    assertThat(fast.from()).isEqualTo(slow.from());
    assertThat(fast.callId()).isEqualTo(slow.callId());
    assertThat(fast.cseq()).isEqualTo(slow.cseq());
    assertThat(fast.topVia().received()).isEqualTo(slow.topVia().received());
    assertThat(fast.topVia().rport()).isEqualTo(slow.topVia().rport());
    assertThat(fast.topVia().branch()).isEqualTo(slow.topVia().branch());
    assertThat(early.port())
        .isEqualTo(
            ViaRules.responseTo(seen.topVia(), TransportProtocol.UDP, SOURCE).address().getPort());
    assertThat(Integer.parseInt(String.valueOf(fast.header("Retry-After")))).isBetween(2, 9);
    assertThat(EarlyRefusal.of(request, request.length, SOURCE, "gone").bytes())
        .as("the same again")
        .isEqualTo(early.bytes());
  }

  /** Each of fifteen short To lines would grow by a tag. */
  @Test
  void what_would_grow_long_or_says_a_thing_twice_is_not_refused_but_dropped() {
    byte[] many = message("Via: SIP/2.0/UDP 192.0.2.7", "To: <sip:1@t>\n" + "t:\n".repeat(60));
    assertThat(EarlyRefusal.of(many, many.length, SOURCE, "gone-gone-gone")).isNull();
    for (String twice :
        new String[] {"f: <sip:a@b>", "CSeq: 7 INVITE", "Call-ID: 2", "t: <sip:1@t>"}) {
      byte[] request = message("Via: SIP/2.0/UDP 192.0.2.7", "To: <sip:1@t>\n" + twice);
      assertThat(EarlyRefusal.of(request, request.length, SOURCE, "gone")).as(twice).isNull();
    }
    byte[] brief =
        "X x SIP/2.0\r\nv:SIP/2.0/UDP a\r\nf:a\r\nt:b\r\ni:c\r\nCSeq:1 X\r\n\r\n"
            .getBytes(StandardCharsets.US_ASCII);
    EarlyRefusal ofBrief = EarlyRefusal.of(brief, brief.length, SOURCE, "gone");
    assertThat(ofBrief).isNotNull();
    assertThat(ofBrief.bytes().length).isLessThan(brief.length + EarlyRefusal.ADDED_OCTETS_MAX);
    byte[] good = message("Via: SIP/2.0/UDP 192.0.2.7", "To: <sip:1@t>");
    EarlyRefusal early = EarlyRefusal.of(good, good.length, SOURCE, "gone");
    assertThat(early).isNotNull();
    assertThat(early.bytes().length).isLessThanOrEqualTo(good.length);
  }

  @Test
  void its_acknowledgement_is_known_and_others_are_not() {
    byte[] ack = message("Via: SIP/2.0/UDP 192.0.2.7", "To: <sip:1@t;tag=gone>;x=1 ;tag=gone");
    ack = new String(ack, StandardCharsets.US_ASCII).replace("INVITE sip", "ACK sip").getBytes();
    assertThat(Glance.of(ack, ack.length, "gone")).isEqualTo(Glance.Kind.ACK_OF_REFUSAL);
    assertThat(Glance.of(ack, ack.length, "other")).isEqualTo(Glance.Kind.WITHIN);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "To: <sip:1@t>",
        "To: <sip:1@t;tag=uri>",
        "To: \"a;tag=display\" <sip:1@t>",
        "t: \"a\\\";tag=display\" <sip:1@t>",
        "Tom: x;tag=1\r\nTo: <sip:1@t>"
      })
  void a_tag_that_is_not_the_headers_opens_no_door(String to) {
    byte[] request = message("Via: SIP/2.0/UDP 192.0.2.7", to);
    assertThat(Glance.of(request, request.length, "gone")).isEqualTo(Glance.Kind.NEW);
  }

  @ParameterizedTest
  @ValueSource(strings = {"To: <sip:1@t>;tag=x", "TO : sip:1@t;TAG=x", "t:<sip:1@t>;a=b;tag=x"})
  void a_request_within_a_dialog_is_seen(String to) {
    byte[] request = message("Via: SIP/2.0/UDP 192.0.2.7", to);
    assertThat(Glance.of(request, request.length, "gone")).isEqualTo(Glance.Kind.WITHIN);
  }

  static Stream<Path> torture() throws IOException, URISyntaxException {
    return Files.list(Path.of(EarlyRefusalTest.class.getResource("/vectors/rfc4475").toURI()))
        .sorted();
  }

  @ParameterizedTest
  @MethodSource("torture")
  void torture_messages_and_every_cut_of_them_are_refused_readably_or_not_at_all(Path file)
      throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    for (int length = 0; length <= bytes.length; length++) {
      var unused = Glance.of(bytes, length, "gone");
      EarlyRefusal early = EarlyRefusal.of(bytes, length, SOURCE, "gone");
      if (early != null && new SipParser().parse(bytes) instanceof ParseOutcome.Good) {
        assertThat(response(early.bytes()).status()).isEqualTo(503);
      }
    }
  }

  private static SipRequest request(byte[] bytes) {
    return (SipRequest) ((ParseOutcome.Good) new SipParser().parse(bytes)).message();
  }

  private static SipResponse response(byte[] bytes) {
    ParseOutcome outcome = new SipParser().parse(bytes);
    assertThat(outcome)
        .as(new String(bytes, StandardCharsets.ISO_8859_1))
        .isInstanceOf(ParseOutcome.Good.class);
    return (SipResponse) ((ParseOutcome.Good) outcome).message();
  }
}
