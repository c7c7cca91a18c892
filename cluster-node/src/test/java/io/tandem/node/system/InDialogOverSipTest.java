package io.tandem.node.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.protocol.sip.message.HeaderName;
import io.tandem.protocol.sip.message.SipRequest;
import io.tandem.protocol.sip.ua.CallEnd;
import io.tandem.protocol.sip.ua.UaAnswer;
import io.tandem.protocol.sip.ua.UaCall;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What two that talk send each other through the node: keys, changes, and why they leave. */
class InDialogOverSipTest extends OneLine {
  /** DTMF as phones send it that send no RFC 4733 events. */
  @Test
  void keys_pass_in_info_both_ways() {
    Exchange.Connected call = exchange.connect();
    String five = "Signal=5\r\nDuration=160\r\n";
    assertThat(keys(call.caller(), five).status()).isEqualTo(200);
    SipRequest atAgent = last(call.agent(), SipRequest.INFO);
    assertThat(atAgent.contentType()).isEqualTo("application/dtmf-relay");
    assertThat(atAgent.bodyText()).isEqualTo(five);
    assertThat(keys(call.agent(), "Signal=#\r\n").status()).isEqualTo(200);
    assertThat(last(call.caller(), SipRequest.INFO).bodyText()).isEqualTo("Signal=#\r\n");
    exchange.hangUp(call.caller(), call.callId());
  }

  private static UaAnswer keys(UaCall from, String keys) {
    return Telephones.within(from.request(SipRequest.INFO, "application/dtmf-relay", keys));
  }

  private static SipRequest last(UaCall side, String method) {
    return side.heard().stream().filter(request -> request.is(method)).toList().getLast();
  }

  /** RFC 3311: where the other side takes UPDATE, a change passes as one. */
  @Test
  @Tag("rule:QT-6")
  void an_update_that_holds_passes_as_an_update_and_its_answer_comes_back() {
    Exchange.Connected call = exchange.connect();
    UaAnswer held =
        Telephones.within(
            call.caller()
                .request(SipRequest.UPDATE, "application/sdp", RawSip.SDP + "a=sendonly\r\n"));
    assertThat(held.status()).isEqualTo(200);
    assertThat(held.response().bodyText()).contains("a=recvonly", "m=audio ");
    SipRequest passed = last(call.agent(), SipRequest.UPDATE);
    assertThat(passed.bodyText()).contains("a=sendonly").doesNotContain("m=audio 9000 ");
    exchange.hangUp(call.caller(), call.callId());
  }

  /** RFC 3261 14.1: the offer is in the 200, the answer in the ACK; both pass. */
  @Test
  @Tag("rule:QT-6")
  void a_re_invite_without_an_offer_gets_the_other_sides_and_the_reason_of_the_end_passes() {
    try (RawSip caller = new RawSip(exchange.node().edge().orElseThrow().sipAddress())) {
      String to = "To: <sip:" + Market.NUMBER + "@127.0.0.1>";
      say(caller, "INVITE", 1, to, RawSip.SDP);
      String ok = caller.awaitFinal();
      assertThat(ok).startsWith("SIP/2.0 200");
      String tagged = ok.lines().filter(line -> line.startsWith("To:")).findFirst().orElseThrow();
      say(caller, "ACK", 1, tagged, "");
      UaCall agent = exchange.phones().awaitRung(1);
      assertThat(Telephones.within(agent.answered())).isTrue();

      say(caller, "INVITE", 2, tagged, "");
      String offer =
          caller.await(text -> text.startsWith("SIP/2.0 200") && text.contains("CSeq: 2 INVITE"));
      assertThat(offer).contains("m=audio ");
      assertThat(last(agent, SipRequest.INVITE).body()).isEmpty();
      say(caller, "ACK", 2, tagged, RawSip.SDP + "a=sendonly\r\n");
      Market.await(
          "the change is stored",
          () ->
              !exchange
                  .market()
                  .events(
                      "call",
                      Telephones.callId(agent),
                      io.tandem.persistence.call.CallEvent.LegRefreshed.class)
                  .isEmpty());

      say(caller, "BYE", 3, tagged, "", "Reason: Q.850;cause=31;text=\"switch 7\"");
      assertThat(Telephones.within(agent.ended()).cause()).isEqualTo(CallEnd.Cause.HUNG_UP_THERE);
      assertThat(last(agent, SipRequest.BYE).header(HeaderName.REASON))
          .isEqualTo("Q.850 ;cause=31");
    }
  }

  private static void say(
      RawSip caller, String method, int cseq, String to, String body, String... more) {
    List<String> lines =
        new ArrayList<>(
            List.of(
                method + " sip:" + Market.NUMBER + "@127.0.0.1 SIP/2.0",
                caller.via("raw" + method + cseq),
                "Max-Forwards: 70",
                "From: <sip:" + Market.CALLER + "@127.0.0.1>;tag=a",
                to,
                "Contact: <sip:" + Market.CALLER + "@127.0.0.1:" + caller.port() + ">",
                "Call-ID: raw",
                "CSeq: " + cseq + " " + method));
    if (!body.isEmpty()) {
      lines.add("Content-Type: application/sdp");
    }
    lines.addAll(List.of(more));
    caller.send(body, lines.toArray(String[]::new));
  }
}
