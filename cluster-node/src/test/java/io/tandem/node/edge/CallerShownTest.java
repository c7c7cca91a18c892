package io.tandem.node.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.protocol.sip.message.NameAddress;
import io.tandem.protocol.sip.message.SipRequest;
import io.tandem.protocol.sip.message.SipUri;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** RFC 3323, RFC 3325. */
class CallerShownTest {
  private static final String NOBODY = "\"Anonymous\" <sip:anonymous@anonymous.invalid>";
  private static final String SOMEBODY = "\"Ann\" <sip:12125550123@192.0.2.9>";

  @ParameterizedTest
  @CsvSource(
      value = {
        "none           | false",
        "''             | false",
        "session        | false",
        "id             | true",
        "ID; critical   | true",
        "user;header    | true",
        "session;id     | true",
        "identity       | false"
      },
      delimiter = '|')
  void who_asks_for_privacy_is_nobody(String privacy, boolean hidden) {
    SipRequest plain =
        SipRequest.builder("INVITE", SipUri.of("sip:18005550100@192.0.2.9"))
            .from(NameAddress.of("Ann", SipUri.of("sip:12125550123@192.0.2.1")).withTag("a"))
            .to(NameAddress.of(SipUri.of("sip:18005550100@192.0.2.9")))
            .callId("c")
            .cseq(1)
            .build();
    SipRequest invite = privacy.isEmpty() ? plain : plain.with("Privacy", privacy);
    assertThat(CallerShown.isHidden(invite)).isEqualTo(hidden);
    assertThat(CallerShown.of(invite, SipUri.of("sip:12125550123@192.0.2.9")).toString())
        .isEqualTo(hidden ? NOBODY : SOMEBODY);
  }
}
