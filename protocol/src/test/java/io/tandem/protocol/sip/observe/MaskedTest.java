package io.tandem.protocol.sip.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.protocol.sip.message.ParseOutcome;
import io.tandem.protocol.sip.message.SipParser;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MaskedTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\'',
      value = {
        "INVITE sip:jane.doe@example.com SIP/2.0       | INVITE sip:***@example.com SIP/2.0",
        "INVITE sips:+12125550123;isub=7@h SIP/2.0     | INVITE sips:***0123@h SIP/2.0",
        "From: Jane Doe <sip:911@h>;tag=a              | From: <sip:***@h>;tag=a",
        "From: \"Doe <1>, \\\"J\\\"\" <sip:j:pw@h>;tag=a | From: <sip:***@h>;tag=a",
        "To: sip:jane%20doe@h;tag=b                    | To: sip:***@h;tag=b",
        "Contact: A B <sip:a@h>;q=1, \"C\" <sip:c@h>   | Contact: <sip:***@h>;q=1, <sip:***@h>",
        "m: <sip:a@h>;+sip.instance=\"<urn:uuid:1>\"   | m:"
            + " <sip:***@h>;+sip.instance=\"<urn:uuid:1>\"",
        "P-Asserted-Identity: \"Doe\" <tel:+12125550123>| P-Asserted-Identity: <tel:***0123>",
        "Subject: Jane's divorce                       | Subject: ***",
        "Call-ID: a84b4c76e66710@192.0.2.7             | Call-ID: a84b4c76e66710@192.0.2.7",
        "Via: SIP/2.0/UDP 192.0.2.7;branch=z9hG4bK1    | Via: SIP/2.0/UDP"
            + " 192.0.2.7;branch=z9hG4bK1",
      })
  void no_line_names_anybody(String line, String masked) {
    assertThat(Masked.text(line)).isEqualTo(masked);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "sip:+12125550123@example.com:5070;transport=udp | sip:***0123@example.com:5070;transport=udp",
        "sip:jane:secret@example.com                     | sip:***@example.com",
        "sips:911@example.com                            | sips:***@example.com",
        "sip:example.com                                 | sip:example.com",
        "tel:+12125550123                                | tel:***0123",
      })
  void the_target_of_a_request_names_nobody(String uri, String masked) {
    String text =
        "OPTIONS "
            + uri
            + " SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.7;branch=z9hG4bK1\r\n"
            + "From: <sip:b@192.0.2.7>;tag=1\r\nTo: <sip:a@192.0.2.1>\r\nCall-ID: c\r\n"
            + "CSeq: 7 OPTIONS\r\nMax-Forwards: 70\r\nContent-Length: 0\r\n\r\n";
    var read = new SipParser().parse(text.getBytes(StandardCharsets.UTF_8));
    assertThat(Masked.line(((ParseOutcome.Good) read).message()))
        .isEqualTo("OPTIONS " + masked + " 7");
  }

  @Test
  void a_description_says_neither_who_made_it_nor_its_keys() {
    String body =
        "v=0\r\no=jane 1 1 IN IP4 192.0.2.7\r\ns=Jane's call\r\ne=jane@example.com\r\n"
            + "c=IN IP4 192.0.2.7\r\nt=0 0\r\nm=audio 9000 RTP/AVP 0\r\na=ice-pwd:secret\r\n";
    String text =
        "MESSAGE sip:jane@192.0.2.1 SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.7;branch=z9hG4bK1\r\n"
            + "From: <sip:b@192.0.2.7>;tag=1\r\nTo: <sip:a@192.0.2.1>\r\nCall-ID: c\r\n"
            + "CSeq: 1 MESSAGE\r\nMax-Forwards: 70\r\nContent-Type: application/sdp\r\n"
            + "Content-Length: "
            + body.length()
            + "\r\n\r\n"
            + body;
    var read = new SipParser().parse(text.getBytes(StandardCharsets.UTF_8));
    byte[] masked = Masked.message(((ParseOutcome.Good) read).message());
    assertThat(new String(masked, StandardCharsets.UTF_8))
        .doesNotContainIgnoringCase("jane")
        .doesNotContain("secret")
        .contains("\r\no=- 1 1 IN IP4 192.0.2.7\r\ns=-\r\n", "\r\nm=audio 9000 RTP/AVP 0\r\n");
  }
}
