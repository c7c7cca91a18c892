package io.tandem.protocol.sip.trunk;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.protocol.sip.message.HeaderName;
import io.tandem.protocol.sip.message.NameAddress;
import io.tandem.protocol.sip.message.SipRequest;
import io.tandem.protocol.sip.message.SipResponse;
import io.tandem.protocol.sip.message.SipUri;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RedirectsTest {
  private static SipResponse answer(int status, String... contacts) {
    SipRequest invite =
        SipRequest.builder(SipRequest.INVITE, SipUri.of("sip:+13105550199@192.0.2.9"))
            .from(NameAddress.of(SipUri.of("sip:12125550123@192.0.2.1")).withTag("a"))
            .to(NameAddress.of(SipUri.of("sip:+13105550199@192.0.2.9")))
            .callId("c")
            .cseq(1)
            .build();
    SipResponse response = SipResponse.to(invite, status, "t");
    for (String contact : contacts) {
      response = response.adding(HeaderName.CONTACT, contact);
    }
    return response;
  }

  private static boolean own(SipUri uri) {
    return uri.host().startsWith("192.0.2.");
  }

  @Test
  void only_the_carriers_own_addresses_are_followed_the_preferred_first() {
    SipResponse response =
        answer(
            302,
            "<sip:+13105550199;npdi@192.0.2.5>;q=0.3",
            "<sip:+8821600000@198.51.100.1>;q=1.0",
            "<sip:+13105550177@192.0.2.6;method=BYE?Replaces=x>;q=0.7",
            "<sip:192.0.2.7>",
            "<mailto:a@b.example>");
    assertThat(Redirects.of(response, RedirectsTest::own))
        .extracting(SipUri::toString)
        .containsExactly("sip:+13105550177@192.0.2.6", "sip:+13105550199;npdi@192.0.2.5");
  }

  @ParameterizedTest
  @ValueSource(ints = {300, 301, 302, 305})
  void redirections_are_followed(int status) {
    assertThat(Redirects.of(answer(status, "<sip:a@192.0.2.5>"), RedirectsTest::own)).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {200, 380, 404, 485})
  void others_that_name_somebody_are_not(int status) {
    assertThat(Redirects.of(answer(status, "<sip:a@192.0.2.5>"), RedirectsTest::own)).isEmpty();
  }

  @Test
  void a_long_list_is_cut_and_one_that_says_the_same_again_is_short() {
    String[] many = new String[40];
    for (int i = 0; i < many.length; i++) {
      many[i] = "<sip:a@192.0.2." + (i / 2 + 1) + ">";
    }
    assertThat(Redirects.of(answer(300, many), RedirectsTest::own))
        .hasSize(4)
        .doesNotHaveDuplicates();
  }
}
