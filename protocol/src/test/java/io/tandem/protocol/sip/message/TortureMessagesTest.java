package io.tandem.protocol.sip.message;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The messages of RFC 4475 and RFC 5118, against what their text asks of the parser. */
class TortureMessagesTest {
  private final SipParser parser = new SipParser();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "wsinv",
        "intmeth",
        "esc01",
        "escnull",
        "esc02",
        "lwsdisp",
        "longreq",
        "dblreq",
        "semiuri",
        "transports",
        "mpart01",
        "unreason",
        "noreason",
        "unkscm",
        "novelsc",
        "unksm2",
        "bext01",
        "invut",
        "regaut01",
        "bcast",
        "zeromf",
        "cparam01",
        "cparam02",
        "regescrt",
        "sdp01",
        "inv2543"
      })
  void a_message_that_the_rfc_calls_valid_is_good_and_stable(String name) {
    requireStable(rfc4475(name));
  }

  /** Where the text leaves the choice between repairing and refusing, this element refuses. */
  @ParameterizedTest
  @CsvSource({
    "badinv01, 400, Via",
    "clerr, 400, Content-Length",
    "ncl, 400, Content-Length",
    "scalar02, 400, CSeq",
    "quotbal, 400, To",
    "ltgtruri, 400, Request-URI",
    "lwsruri, 400, Request-URI",
    "lwsstart, 400, Request-URI",
    "trws, 400, start line",
    "escruri, 400, Request-URI",
    "regbadct, 400, Contact",
    "badaspec, 400, To",
    "baddn, 400, From",
    "badvers, 505, SIP version",
    "mismatch01, 400, CSeq",
    "mismatch02, 501, CSeq",
    "insuf, 400, From",
    "multi01, 400, CSeq",
    "mcl01, 400, Content-Length",
  })
  void a_malformed_request_is_bad_with_its_header_named_and_can_be_answered(
      String name, int status, String header) {
    ParseOutcome outcome = parser.parse(rfc4475(name));

    assertThat(outcome).isInstanceOf(ParseOutcome.Bad.class);
    ParseOutcome.Bad bad = (ParseOutcome.Bad) outcome;
    assertThat(bad.status()).isEqualTo(status);
    assertThat(bad.header()).isEqualTo(header);
    assertThat(bad.answer("t1")).hasValueSatisfying(a -> assertThat(a.status()).isEqualTo(status));
  }

  @ParameterizedTest
  @ValueSource(strings = {"bigcode", "scalarlg"})
  void a_malformed_response_is_dropped(String name) {
    assertThat(parser.parse(rfc4475(name))).isInstanceOf(ParseOutcome.Unanswerable.class);
  }

  /** Section 3.1.2.12 and 3.2.1: the element may go on as with an RFC 2543 message. */
  @ParameterizedTest
  @ValueSource(strings = {"baddate", "badbranch"})
  void a_defect_that_needs_no_refusal_is_passed_on(String name) {
    requireStable(rfc4475(name));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ipv6-good",
        "ipv6-in-sdp",
        "ipv6-bug-abnf-3-colons",
        "ipv6-correct-abnf-2-colons",
        "ipv4-mapped-ipv6",
        "mult-ip-in-header",
        "mult-ip-in-sdp",
        "port-ambiguous",
        "port-unambiguous",
        "via-received-param-no-delim",
        "via-received-param-with-delim"
      })
  void an_ipv6_message_is_good_and_stable(String name) {
    requireStable(rfc5118(name));
  }

  @Test
  void an_ipv6_address_without_brackets_in_the_request_uri_is_bad() {
    assertThat(parser.parse(rfc5118("ipv6-bad"))).isInstanceOf(ParseOutcome.Bad.class);
  }

  @Test
  void no_truncation_of_any_message_escapes_the_parser() throws IOException {
    for (String name : new String[] {"wsinv", "esc01", "mpart01", "intmeth", "badinv01"}) {
      byte[] whole = rfc4475(name);
      for (int length = 0; length <= whole.length; length++) {
        assertThat(parser.parse(Arrays.copyOf(whole, length))).isNotNull();
      }
    }
  }

  @Test
  void the_tortuous_invite_reads_as_the_rfc_explains() {
    SipRequest invite = (SipRequest) good(parser.parse(rfc4475("wsinv")));

    assertThat(invite.method()).isEqualTo("INVITE");
    assertThat(invite.uri().user()).isEqualTo("vivekg");
    assertThat(invite.toTag()).isEqualTo("1918181833n");
    assertThat(invite.from().display()).isEqualTo("J Rosenberg \\\"");
    assertThat(invite.fromTag()).isEqualTo("98asjd8");
    assertThat(invite.maxForwards()).isEqualTo(68);
    assertThat(invite.cseq()).isEqualTo(new CSeq(9, "INVITE"));
    assertThat(invite.vias()).hasSize(3);
    assertThat(invite.topVia().sentBy()).isEqualTo("192.0.2.2");
    assertThat(invite.topVia().branch()).isEqualTo("390skdjuw");
    assertThat(invite.vias().get(1).transport()).isEqualTo("TCP");
    assertThat(invite.vias().get(2).branch()).isEqualTo("z9hG4bK30239");
    assertThat(invite.contact().qThousandths()).isEqualTo(330);
    assertThat(invite.header("NewFangledHeader"))
        .isEqualTo("newfangled value continued newfangled value");
    assertThat(invite.routes()).hasSize(1);
    assertThat(invite.routes().getFirst().uri().isLooseRouter()).isTrue();
    assertThat(invite.body()).hasSize(150);
  }

  private void requireStable(byte[] wire) {
    SipMessage first = good(parser.parse(wire));
    byte[] written = first.toBytes();
    SipMessage second = good(parser.parse(written));

    assertThat(second.toBytes()).isEqualTo(written);
    assertThat(second).isEqualTo(first);
    assertThat(second.vias()).isEqualTo(first.vias());
    assertThat(second.from()).isEqualTo(first.from());
    assertThat(second.to()).isEqualTo(first.to());
    assertThat(second.cseq()).isEqualTo(first.cseq());
    assertThat(second.contacts()).isEqualTo(first.contacts());
  }

  private static SipMessage good(ParseOutcome outcome) {
    assertThat(outcome).isInstanceOf(ParseOutcome.Good.class);
    return ((ParseOutcome.Good) outcome).message();
  }

  static byte[] rfc4475(String name) {
    return resource("rfc4475/" + name + ".dat");
  }

  static byte[] rfc5118(String name) {
    String text = new String(resource("rfc5118/" + name), StandardCharsets.UTF_8);
    String lines = text.replace("\r\n", "\n").replace("\n", "\r\n");
    if (name.equals("ipv6-in-sdp")) {
      // as printed in the RFC its Content-Length is 17 beyond its body
      lines = lines.replace("Content-Length: 268", "Content-Length: 251");
    }
    return (lines.contains("\r\n\r\n") ? lines : lines + "\r\n").getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] resource(String path) {
    try (InputStream in = TortureMessagesTest.class.getResourceAsStream("/vectors/" + path)) {
      return in.readAllBytes();
    } catch (IOException unreadable) {
      throw new java.io.UncheckedIOException(unreadable);
    }
  }
}
