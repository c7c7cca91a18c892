package io.tandem.protocol.sip.refer;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.protocol.sip.message.NameAddress;
import io.tandem.protocol.sip.message.SipRequest;
import io.tandem.protocol.sip.message.SipUri;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReferToTest {

  @Test
  void a_blind_transfer_names_a_target() {
    ReferTo blind = ReferTo.of(refer("<sip:bob@example.com;user=phone>")).orElseThrow();
    assertThat(blind.target().toString()).isEqualTo("sip:bob@example.com;user=phone");
    assertThat(blind.replaces()).isNull();
  }

  /** The example of RFC 3891 section 4, escaped as RFC 3515 section 3.4 has it. */
  @Test
  void an_attended_transfer_names_the_dialog_to_replace() {
    ReferTo attended =
        ReferTo.of(
                refer(
                    "<sip:bob@example.com?Replaces=425928%40bobster.example.org"
                        + "%3Bto-tag%3D7743%3Bfrom-tag%3D6472>"))
            .orElseThrow();
    assertThat(attended.target().toString()).isEqualTo("sip:bob@example.com");
    Replaces replaces = attended.replaces();
    assertThat(replaces)
        .isEqualTo(new Replaces("425928@bobster.example.org", "7743", "6472", false));
    assertThat(Replaces.parse(replaces.value() + ";early-only"))
        .contains(new Replaces("425928@bobster.example.org", "7743", "6472", true));
    assertThat(replaces.dialog().localTag()).isEqualTo("7743");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<tel:+12125550123>",
        "<sip:bob@example.com;method=SUBSCRIBE>",
        "<sip:bob@example.com?Replaces=a%3Bto-tag%3Db>",
        "<sip:bob@example.com?Replaces=a%3Bto-tag%3Db%3Bto-tag%3Dc%3Bfrom-tag%3Dd>",
        "<sip:bob@example.com?Replaces=%3Bto-tag%3Db%3Bfrom-tag%3Dd>",
        "<sip:bob@example.com?Replaces=a%0D%0Ab%3Bto-tag%3Db%3Bfrom-tag%3Dd>",
        "not an address"
      })
  void what_is_no_call_is_refused(String value) {
    assertThat(ReferTo.of(refer(value))).isEmpty();
  }

  @Test
  void nobody_and_several_are_refused() {
    assertThat(ReferTo.of(refer("<sip:a@x.org>").without("Refer-To"))).isEmpty();
    assertThat(ReferTo.of(refer("<sip:a@x.org>").adding("Refer-To", "<sip:b@x.org>"))).isEmpty();
  }

  @Test
  void a_fragment_is_a_status_line() {
    assertThat(new String(SipFrag.of(180), StandardCharsets.US_ASCII))
        .isEqualTo("SIP/2.0 180 Ringing\r\n");
  }

  private static SipRequest refer(String value) {
    return SipRequest.builder("REFER", SipUri.of("sip:x@192.0.2.1"))
        .from(NameAddress.of(SipUri.of("sip:a@192.0.2.1")).withTag("a"))
        .to(NameAddress.of(SipUri.of("sip:b@192.0.2.2")).withTag("b"))
        .callId("c")
        .cseq(1)
        .header("Refer-To", value)
        .build();
  }
}
