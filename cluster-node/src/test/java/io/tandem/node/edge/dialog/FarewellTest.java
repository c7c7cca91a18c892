package io.tandem.node.edge.dialog;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.protocol.sip.message.HeaderName;
import io.tandem.protocol.sip.message.NameAddress;
import io.tandem.protocol.sip.message.SipRequest;
import io.tandem.protocol.sip.message.SipUri;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** RFC 3326. */
class FarewellTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\'',
      value = {
        "Q.850;cause=16;text=\"Terminated\"           | Q.850 ;cause=16",
        "q.850 ; cause = 17                           | Q.850 ;cause=17",
        "SIP;cause=200;text=\"seen at the desk\"      | SIP ;cause=200 ;text=\"Call completed"
            + " elsewhere\"",
        "SIP;text=\"a, b; cause=1\";cause=600         | SIP ;cause=600",
        "Q.850;cause=16, SIP;cause=487                | Q.850 ;cause=16, SIP ;cause=487",
        "Q.850;cause=16, Q.850;cause=17               | Q.850 ;cause=16",
        "A;cause=1,B;cause=2,C;cause=3,D;cause=4      | A ;cause=1, B ;cause=2, C ;cause=3",
        "Q.850                                        | ''",
        "Q.850;cause=four                             | ''",
        "Q.850;cause=1616                             | ''",
        "\"Q.850;cause=16                             | ''",
        "<script>;cause=1                             | ''",
        "a-protocol-with-a-very-long-name;cause=1     | ''",
        "''                                           | ''"
      })
  void causes_pass_and_words_do_not(String reason, String passed) {
    SipRequest bye =
        SipRequest.builder(SipRequest.BYE, SipUri.of("sip:a@192.0.2.1"))
            .from(NameAddress.of(SipUri.of("sip:b@192.0.2.1")).withTag("b"))
            .to(NameAddress.of(SipUri.of("sip:a@192.0.2.1")).withTag("a"))
            .callId("c")
            .cseq(2)
            .header(HeaderName.REASON, reason)
            .build();
    assertThat(Farewell.passedOn(bye)).isEqualTo(passed);
  }
}
