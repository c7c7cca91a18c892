package io.tandem.protocol.sip.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.tandem.protocol.sip.message.HeaderName;
import io.tandem.protocol.sip.message.NameAddress;
import io.tandem.protocol.sip.message.ParseOutcome;
import io.tandem.protocol.sip.message.SipMessage;
import io.tandem.protocol.sip.message.SipParser;
import io.tandem.protocol.sip.message.SipRequest;
import io.tandem.protocol.sip.message.SipResponse;

/** Any bytes as a message. */
class MessageFuzzTest {
  /** Where what was read goes, so that no reading is compiled away. */
  static volatile int read;

  /** Received and tag, and a header name for each member of a list of Vias. */
  private static final int MAX_OVERHEAD = 2_000;

  private static final SipParser PARSER = new SipParser();

  @FuzzTest
  void a_good_message_is_stable_and_a_bad_one_a_value(byte[] wire) {
    SlowInput.guard(() -> read(wire));
  }

  private static void read(byte[] wire) {
    switch (PARSER.parse(wire)) {
      case ParseOutcome.Good(SipMessage message) -> {
        touchEverything(message);
        byte[] written = message.toBytes();
        ParseOutcome again = PARSER.parse(written);
        assertThat(again).isInstanceOf(ParseOutcome.Good.class);
        assertThat(((ParseOutcome.Good) again).message().toBytes()).isEqualTo(written);
      }
      case ParseOutcome.Bad bad ->
          bad.answer("t")
              .ifPresent(
                  answer ->
                      assertThat(answer.toBytes().length)
                          .isLessThan(2 * wire.length + MAX_OVERHEAD));
      case ParseOutcome.Unanswerable(String why) -> assertThat(why).isNotBlank();
    }
  }

  private static void touchEverything(SipMessage message) {
    int sum = message.vias().size() + message.callId().length() + message.maxForwards();
    sum += (int) message.cseq().number() + message.fromTag().length() + message.routes().size();
    sum += message.recordRoutes().size() + (int) message.expiresSeconds();
    for (NameAddress contact : message.contacts()) {
      sum += contact.qThousandths() + (int) contact.expiresSeconds();
    }
    sum += message.auth(HeaderName.AUTHORIZATION).size();
    sum += message.addresses(HeaderName.REFER_TO).size();
    sum += message.optionTags(HeaderName.SUPPORTED).size();
    if (message instanceof SipRequest request) {
      sum += request.uri().userText().length() + request.uri().masked().length();
      sum += SipResponse.to(request, 200, "t").toBytes().length;
    }
    read = sum;
  }
}
