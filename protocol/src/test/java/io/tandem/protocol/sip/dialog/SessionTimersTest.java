package io.tandem.protocol.sip.dialog;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.protocol.sip.message.NameAddress;
import io.tandem.protocol.sip.message.SipRequest;
import io.tandem.protocol.sip.message.SipResponse;
import io.tandem.protocol.sip.message.SipUri;
import io.tandem.protocol.sip.message.Via;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** RFC 4028, its tables and its examples. */
class SessionTimersTest {
  private static final SessionPolicy POLICY = SessionPolicy.RFC_4028;

  /** RFC 4028 section 9, table 2: who refreshes, by what the UAC supports and asks. */
  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        // supported, asked, ours, in the 2xx, required
        "false, -,                  true,  -,                  false",
        "false, 1800,               true,  1800;refresher=uas, false",
        "true,  -,                  false, 1800;refresher=uac, true",
        "true,  1200,               false, 1200;refresher=uac, true",
        "true,  1200;refresher=uac, false, 1200;refresher=uac, true",
        "true,  1200;refresher=uas, true,  1200;refresher=uas, false",
        "true,  7200,               false, 1800;refresher=uac, true",
      })
  void a_server_grants_by_the_table(
      boolean supported, @Nullable String asked, boolean ours, @Nullable String said, boolean req) {
    SipRequest invite = invite(supported, asked, null);
    SessionTimer timer = POLICY.answering(invite);
    SipResponse ok = POLICY.granted(SipResponse.to(invite, 200, "b"), invite, timer);

    assertThat(timer.weRefresh()).isEqualTo(ours);
    assertThat(ok.header("Session-Expires")).isEqualTo(said);
    assertThat(ok.optionTags("Require").contains("timer")).isEqualTo(req);
  }

  @Test
  void an_interval_below_ours_is_refused_to_who_understands_that_and_else_taken() {
    SipRequest brief = invite(true, "60", null);
    assertThat(POLICY.refuses(brief)).isTrue();
    SipResponse refusal = POLICY.tooBrief(brief, "b");
    assertThat(refusal.status()).isEqualTo(422);
    assertThat(refusal.header("Min-SE")).isEqualTo("90");

    SipRequest byProxy = invite(false, "60", null);
    assertThat(POLICY.refuses(byProxy)).isFalse();
    assertThat(POLICY.answering(byProxy)).isEqualTo(new SessionTimer(true, true, 60));
    assertThat(POLICY.refuses(invite(true, "90", null))).isFalse();
    assertThat(POLICY.refuses(invite(true, "nonsense", null))).isFalse();
  }

  /** Section 5: the interval is never below the Min-SE that a proxy on the way has set. */
  @Test
  void the_interval_is_not_shortened_below_the_requests_least() {
    assertThat(POLICY.answering(invite(true, "7200", "3600")).seconds()).isEqualTo(3_600);
    assertThat(POLICY.answering(invite(true, null, "3600")).seconds()).isEqualTo(3_600);
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "1800;refresher=uac,   true,  true,  1800",
        "1200 ;refresher=uas,  false, true,  1200",
        "1200;x=y;Refresher=UAS, false, true, 1200",
        "1800,                 true,  true,  1800",
        "-,                    true,  false, 1800",
      })
  void a_client_reads_who_refreshes_from_the_2xx(
      @Nullable String said, boolean ours, boolean agreed, long seconds) {
    SipResponse ok = SipResponse.to(invite(true, null, null), 200, "b");
    SipResponse told = said == null ? ok : ok.with("Session-Expires", said);
    assertThat(POLICY.answered(told)).isEqualTo(new SessionTimer(ours, agreed, seconds));
  }

  @Test
  void a_client_asks_again_with_what_a_422_names_and_not_without_hope() {
    SipRequest asked = POLICY.asking(invite(false, null, null), null);
    assertThat(asked.header("Session-Expires")).isEqualTo("1800");
    assertThat(asked.header("Min-SE")).isEqualTo("90");
    assertThat(asked.optionTags("Supported")).containsExactly("timer");

    SipResponse refusal = SipResponse.to(asked, 422, "b");
    SessionPolicy raised = POLICY.raisedBy(refusal.with("Min-SE", "3600"));
    assertThat(raised.asking(asked, null).header("Session-Expires")).isEqualTo("3600");
    assertThat(raised.asking(asked, null).header("Min-SE")).isEqualTo("3600");
    assertThat(POLICY.raisedBy(refusal)).isEqualTo(POLICY);
    assertThat(POLICY.raisedBy(refusal.with("Min-SE", "90"))).isEqualTo(POLICY);
  }

  @Test
  void roles_stay_when_a_request_of_ours_asks_anew() {
    SessionTimer theirs = new SessionTimer(false, true, 600);
    assertThat(
            POLICY
                .asking(invite(false, null, null), theirs.inOurRequest())
                .header("Session-Expires"))
        .isEqualTo("1800;refresher=uas");
    assertThat(new SessionTimer(true, true, 600).inOurRequest())
        .isEqualTo(SessionExpires.Refresher.UAC);
  }

  /** Section 10: half the interval to refresh, BYE min(32 s, a third) before the end. */
  @ParameterizedTest
  @CsvSource({"1800, 900000, 1768000", "90, 45000, 60000", "96, 48000, 64000", "97, 48500, 65000"})
  void refresh_and_end_fall_as_the_rfc_says(long seconds, long refreshMillis, long endMillis) {
    SessionTimer ours = new SessionTimer(true, true, seconds);
    assertThat(ours.refreshAfterMillis()).isEqualTo(refreshMillis);
    assertThat(ours.endAfterMillis()).isEqualTo(endMillis);
    SessionTimer theirs = new SessionTimer(false, true, seconds);
    assertThat(theirs.refreshAfterMillis()).isEqualTo(SessionTimer.NEVER);
    assertThat(theirs.endAfterMillis()).isEqualTo(endMillis);
  }

  @Test
  void who_knows_of_no_timer_is_asked_whether_it_is_there_and_nothing_expires() {
    SessionTimer unaware = POLICY.answering(invite(false, null, null));
    assertThat(unaware.refreshAfterMillis()).isEqualTo(900_000);
    assertThat(unaware.endAfterMillis()).isEqualTo(SessionTimer.NEVER);
  }

  private static SipRequest invite(
      boolean supported, @Nullable String asked, @Nullable String least) {
    SipRequest plain =
        SipRequest.builder("INVITE", SipUri.of("sip:b@192.0.2.2"))
            .via(Via.ours("UDP", "192.0.2.1", 5060, "z9hG4bKx"))
            .from(NameAddress.of(SipUri.of("sip:a@192.0.2.1")).withTag("a"))
            .to(NameAddress.of(SipUri.of("sip:b@192.0.2.2")))
            .callId("c")
            .cseq(1)
            .build();
    SipRequest supporting = supported ? plain.with("Supported", "timer") : plain;
    SipRequest timed = asked == null ? supporting : supporting.with("Session-Expires", asked);
    return least == null ? timed : timed.with("Min-SE", least);
  }
}
