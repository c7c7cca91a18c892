package io.tandem.protocol.sip.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.protocol.sip.message.ParseOutcome;
import io.tandem.protocol.sip.message.SipMessage;
import io.tandem.protocol.sip.message.SipParser;
import io.tandem.protocol.sip.message.SipRequest;
import io.tandem.protocol.sip.message.SipResponse;
import io.tandem.protocol.sip.observe.SessionMeasures.Outcome;
import io.tandem.protocol.sip.observe.SessionMeasures.Role;
import io.tandem.protocol.sip.transport.Flow;
import io.tandem.protocol.sip.transport.TransportProtocol;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ObservedTest {
  private static final String SDP =
      """
      v=0\r
      o=- 1 1 IN IP4 192.0.2.1\r
      s=-\r
      c=IN IP4 192.0.2.1\r
      t=0 0\r
      m=audio 4000 RTP/SAVP 0\r
      a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0\r
      """;

  /** "HEP3", the whole length, then chunks: vendor, type, length, value. */
  private static final String HEP =
      """
      48455033 0077
      0000 0001 0007 02
      0000 0002 0007 11
      0000 0003 000a c0000201
      0000 0004 000a c6336407
      0000 0007 0008 13c4
      0000 0008 0008 13d8
      0000 0009 000a 5f5e1000
      0000 000a 000a 00001234
      0000 000b 0007 01
      0000 000c 000a 000007d1
      0000 000e 0009 6b6579
      0000 0011 0008 6331
      0000 000f 0009 534950
      """;

  private static SipRequest request(String method, String callId, int cseq, String toTag) {
    String text =
        method
            + " sip:+18005550100@tandem.example SIP/2.0\r\n"
            + "Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK"
            + callId
            + method
            + cseq
            + "\r\nFrom: Anna Smith <sip:12125550123@example.com>;tag=a\r\n"
            + "To: \"Doctor\" <sip:18005550100@tandem.example>"
            + toTag
            + "\r\nContact: <tel:+1-212-555-0123>\r\nCall-ID: "
            + callId
            + "\r\nCSeq: "
            + cseq
            + " "
            + method
            + "\r\n"
            + "Max-Forwards: 70\r\n"
            + "Authorization: Digest username=\"anna\", response=\"0123\"\r\n"
            + "Content-Type: application/sdp\r\n"
            + "Content-Length: "
            + SDP.length()
            + "\r\n\r\n"
            + SDP;
    return (SipRequest) parsed(text);
  }

  private static SipMessage parsed(String text) {
    ParseOutcome outcome = new SipParser().parse(text.getBytes(StandardCharsets.UTF_8));
    assertThat(outcome).isInstanceOf(ParseOutcome.Good.class);
    return ((ParseOutcome.Good) outcome).message();
  }

  @Test
  void numbers_names_credentials_and_keys_are_masked_and_the_rest_stays() {
    String masked =
        new String(Masked.message(request("INVITE", "c1", 1, "")), StandardCharsets.ISO_8859_1);
    assertThat(masked)
        .doesNotContain("1212555", "8005550100", "Anna", "Doctor", "0123\"", "c2VjcmV0")
        .contains("INVITE sip:***0100@tandem.example SIP/2.0")
        .contains("sip:***0123@example.com>;tag=a")
        .contains("tel:***0123")
        .contains("Authorization: ***")
        .contains("a=crypto:1 AES_CM_128_HMAC_SHA1_80 ***")
        .contains("m=audio 4000 RTP/SAVP 0");
    assertThat(new SipParser().parse(masked.getBytes(StandardCharsets.ISO_8859_1)))
        .isInstanceOf(ParseOutcome.class);
  }

  @Test
  void a_trace_keeps_the_last_messages_of_the_last_dialogs() throws UnknownHostException {
    CallTraces traces = new CallTraces(2, 3);
    Flow flow =
        new Flow(
            TransportProtocol.UDP,
            new InetSocketAddress(InetAddress.getByName("192.0.2.9"), 5060),
            new InetSocketAddress(InetAddress.getByName("192.0.2.1"), 5070),
            0);
    Instant noon = Instant.parse("2026-11-22T12:00:00Z");
    for (int i = 1; i <= 4; i++) {
      traces.note(request("INFO", "c1", i, ";tag=b"), i % 2 == 0, flow, noon.plusSeconds(i));
    }
    traces.note(request("INVITE", "c2", 1, ""), true, flow, noon);
    List<CallTraces.Line> lines = traces.of(Map.of("c1", "caller", "c2", "phone"));
    assertThat(lines)
        .extracting(CallTraces.Line::text)
        .containsExactly(
            "2026-11-22T12:00:00Z\t<\tphone\tUDP 192.0.2.*:5070\tINVITE sip:***0100@tandem.example"
                + " 1",
            "2026-11-22T12:00:02Z\t<\tcaller\tUDP 192.0.2.*:5070\tINFO sip:***0100@tandem.example"
                + " 2",
            "2026-11-22T12:00:03Z\t>\tcaller\tUDP 192.0.2.*:5070\tINFO sip:***0100@tandem.example"
                + " 3",
            "2026-11-22T12:00:04Z\t<\tcaller\tUDP 192.0.2.*:5070\tINFO sip:***0100@tandem.example"
                + " 4");
    assertThat(lines)
        .allMatch(line -> CallTraces.Line.parse(line.text()).orElseThrow().equals(line));
    traces.note(request("INVITE", "c3", 1, ""), true, flow, noon);
    assertThat(traces.of(Map.of("c1", "caller"))).as("quiet longest").isEmpty();
    traces.keep("c2");
    for (int i = 0; i < 10; i++) {
      traces.note(request("OPTIONS", "scan" + i, 1, ""), true, flow, noon);
    }
    traces.note(request("BYE", "c2", 2, ";tag=b"), true, flow, noon.plusSeconds(9));
    assertThat(traces.of(Map.of("c2", "phone"))).as("a call is pushed out by no scan").hasSize(2);
    assertThat(traces.size()).isEqualTo(3);
    traces.forget("c2");
    assertThat(traces.of(Map.of("c2", "phone"))).isEmpty();
    assertThat(traces.size()).isEqualTo(2);
  }

  private final List<String> heard = new ArrayList<>();
  private final SessionMeasures measures =
      new SessionMeasures(
          new SessionMeasures.Sink() {
            @Override
            public void registered(Role role, long nanos) {
              heard.add(role + " RRD " + nanos);
            }

            @Override
            public void registrationAttempted(Role role, boolean ineffective) {
              heard.add(role + (ineffective ? " IRA" : " registration"));
            }

            @Override
            public void requested(Role role, boolean failed, long nanos) {
              heard.add(role + (failed ? " failed" : "") + " SRD " + nanos);
            }

            @Override
            public void disconnected(Role role, long nanos) {
              heard.add(role + " SDD " + nanos);
            }

            @Override
            public void lasted(Role role, long nanos) {
              heard.add(role + " SDT " + nanos);
            }

            @Override
            public void attempted(Role role, Outcome outcome) {
              heard.add(role + " " + outcome);
            }
          });

  private void answer(SipRequest request, int status, boolean in, long at) {
    measures.note(SipResponse.to(request, status, "b"), in, at);
  }

  @Test
  void a_session_is_measured_from_invite_to_bye() {
    SipRequest invite = request("INVITE", "c1", 1, "");
    measures.note(invite, false, 100);
    answer(invite, 100, true, 110);
    measures.note(invite, false, 600); // repeated: the first counts
    answer(invite, 180, true, 700);
    answer(invite, 200, true, 2_000);
    answer(invite, 200, true, 2_500);
    SipRequest bye = request("BYE", "c1", 2, ";tag=b");
    measures.note(bye, true, 9_000);
    answer(bye, 200, false, 9_050);
    assertThat(heard)
        .containsExactly("ASKING SRD 600", "ASKING ESTABLISHED", "ASKING SDT 7000", "ASKED SDD 50");
  }

  @Test
  void outcomes_are_told_apart_and_a_challenge_is_no_attempt() {
    int call = 0;
    for (int status : new int[] {401, 407, 486, 603, 302, 503, 408, 404}) {
      SipRequest invite = request("INVITE", "o" + call++, 1, "");
      measures.note(invite, true, 0);
      answer(invite, status, false, 5);
    }
    SipRequest silent = request("INVITE", "silent", 1, "");
    measures.note(silent, false, 0);
    measures.note(request("INVITE", "later", 1, ""), false, 300_000_000_001L);
    assertThat(heard.stream().filter(text -> !text.contains("SRD")))
        .containsExactly(
            "ASKED EFFECTIVE",
            "ASKED EFFECTIVE",
            "ASKED REDIRECTED",
            "ASKED INEFFECTIVE",
            "ASKED UNANSWERED",
            "ASKED OTHER",
            "ASKING UNANSWERED");
    assertThat(heard.stream().filter(text -> text.contains("SRD")))
        .as("challenges and redirections are no delay of a request")
        .hasSize(5);
  }

  @Test
  void a_registration_is_measured_to_its_200() {
    SipRequest first = request("REGISTER", "r", 1, "");
    measures.note(first, true, 0);
    answer(first, 401, false, 3);
    SipRequest second = request("REGISTER", "r", 2, "");
    measures.note(second, true, 10);
    answer(second, 200, false, 25);
    assertThat(heard).containsExactly("ASKED RRD 15", "ASKED registration");
  }

  @Test
  void a_registration_that_fails_or_is_not_answered_is_an_ineffective_attempt() {
    for (int status : new int[] {401, 402, 407, 403, 503}) {
      SipRequest register = request("REGISTER", "r" + status, 1, "");
      measures.note(register, false, 0);
      answer(register, status, true, 5);
    }
    measures.note(request("REGISTER", "silent", 1, ""), false, 0);
    measures.note(request("INVITE", "later", 1, ""), false, 300_000_000_001L);
    assertThat(heard).containsExactly("ASKING IRA", "ASKING IRA", "ASKING IRA");
  }

  @Test
  void a_hep_packet_has_the_octets_of_the_specification() throws UnknownHostException {
    byte[] packet =
        new Hep3(2001, "key")
            .packet(
                TransportProtocol.UDP,
                new InetSocketAddress(InetAddress.getByName("192.0.2.1"), 5060),
                new InetSocketAddress(InetAddress.getByName("198.51.100.7"), 5080),
                Instant.ofEpochSecond(0x5f5e1000L, 0x1234 * 1_000L),
                "c1",
                "SIP".getBytes(StandardCharsets.US_ASCII));
    assertThat(HexFormat.of().formatHex(packet)).isEqualTo(HEP.replaceAll("\\s", ""));
  }
}
