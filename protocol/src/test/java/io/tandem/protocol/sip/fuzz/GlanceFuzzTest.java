package io.tandem.protocol.sip.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.tandem.protocol.sip.defence.EarlyRefusal;
import io.tandem.protocol.sip.defence.Glance;
import io.tandem.protocol.sip.message.ParseOutcome;
import io.tandem.protocol.sip.message.SipParser;
import io.tandem.protocol.sip.message.SipRequest;
import io.tandem.protocol.sip.message.SipResponse;
import java.net.InetSocketAddress;

/** Any bytes as a datagram that is looked at, and perhaps refused, before anybody reads it. */
class GlanceFuzzTest {
  private static final InetSocketAddress SOURCE = new InetSocketAddress("192.0.2.7", 45_678);
  private static final String TAG = "a-tag-of-ours";
  private static final SipParser PARSER = new SipParser();

  @FuzzTest
  void a_refusal_grows_by_little_and_is_readable_where_its_request_is(byte[] wire) {
    SlowInput.guard(() -> look(wire));
  }

  private static void look(byte[] wire) {
    Glance.Kind kind = Glance.of(wire, wire.length, TAG);
    EarlyRefusal refusal = EarlyRefusal.of(wire, wire.length, SOURCE, TAG);
    ParseOutcome read = PARSER.parse(wire);
    if (read instanceof ParseOutcome.Good good && good.message() instanceof SipResponse) {
      assertThat(kind).isEqualTo(Glance.Kind.RESPONSE);
    }
    if (refusal == null) {
      return;
    }
    assertThat(refusal.bytes().length)
        .isLessThanOrEqualTo(wire.length + EarlyRefusal.ADDED_OCTETS_MAX);
    assertThat(refusal.port()).isBetween(0, 65_535);
    if (read instanceof ParseOutcome.Good good && good.message() instanceof SipRequest request) {
      ParseOutcome answer = PARSER.parse(refusal.bytes());
      assertThat(answer).isInstanceOf(ParseOutcome.Good.class);
      SipResponse response = (SipResponse) ((ParseOutcome.Good) answer).message();
      assertThat(response.status()).isEqualTo(503);
      assertThat(response.callId()).isEqualTo(request.callId());
      assertThat(response.cseq()).isEqualTo(request.cseq());
    }
  }
}
