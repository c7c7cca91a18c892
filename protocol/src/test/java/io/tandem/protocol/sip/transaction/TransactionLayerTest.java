package io.tandem.protocol.sip.transaction;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.protocol.sip.message.SipRequest;
import io.tandem.protocol.sip.message.SipResponse;
import io.tandem.protocol.sip.sim.SimNetwork;
import io.tandem.protocol.sip.sim.VirtualLoop;
import io.tandem.protocol.sip.transaction.fsm.SipTimers;
import io.tandem.protocol.sip.transport.Destination;
import io.tandem.protocol.sip.transport.Flow;
import io.tandem.protocol.sip.transport.TransportProtocol;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class TransactionLayerTest {

  private static final int ALICE = 5060;
  private static final int BOB = 5070;
  private static final Flow FROM_ALICE =
      new Flow(
          TransportProtocol.UDP, SimNetwork.at(BOB).address(), SimNetwork.at(ALICE).address(), 0);

  private final VirtualLoop loop = new VirtualLoop();
  private final SimNetwork network = new SimNetwork(loop, 42);
  private final TestCore alice = new TestCore(loop, network, ALICE);
  private final TestCore bob = new TestCore(loop, network, BOB);

  @Test
  void a_request_is_answered_and_both_sides_forget_it() {
    bob.answerAllWith(200);
    alice.send("OPTIONS", BOB);
    loop.advanceMs(1_000);

    assertThat(bob.heard).containsExactly("OPTIONS");
    assertThat(alice.heard).containsExactly("200 OPTIONS");
    loop.advanceMs(40_000);
    assertThat(alice.layer.live() + bob.layer.live()).isZero();
  }

  @Test
  void an_invite_that_nobody_answers_at_once_gets_100_after_200_ms() {
    alice.send("INVITE", BOB);
    loop.advanceMs(150);
    assertThat(alice.heard).isEmpty();
    loop.advanceMs(100);
    assertThat(alice.heard).containsExactly("100 INVITE");
    loop.advanceMs(10_000);
    assertThat(network.seen()).containsExactly("5060>5070 INVITE", "5070>5060 100 INVITE");
  }

  @Test
  void a_failure_is_acknowledged_inside_and_once_heard() {
    bob.answerAllWith(486);
    alice.send("INVITE", BOB);
    loop.advanceMs(60_000);

    assertThat(alice.heard).containsExactly("486 INVITE");
    assertThat(bob.heard).containsExactly("INVITE");
    assertThat(network.seen())
        .containsExactly("5060>5070 INVITE", "5070>5060 486 INVITE", "5060>5070 ACK");
    assertThat(alice.layer.live() + bob.layer.live()).isZero();
  }

  @Test
  void the_ack_of_a_failure_copies_what_rfc_3261_17_1_1_3_says() {
    bob.answerAllWith(486);
    StringBuilder ack = new StringBuilder();
    network.attach(
        BOB,
        inbound -> {
          if (inbound.message() instanceof SipRequest request && request.is("ACK")) {
            ack.append(new String(request.toBytes(), StandardCharsets.UTF_8));
          }
          bob.layer.received(inbound);
        });
    SipRequest invite = alice.request("INVITE", BOB).adding("Route", "<sip:127.0.0.1:5070;lr>");
    ClientTransactionId id = alice.layer.request(invite, SimNetwork.at(BOB), alice);
    loop.advanceMs(1_000);

    assertThat(ack.toString())
        .startsWith("ACK sip:them@127.0.0.1:5070 SIP/2.0\r\n")
        .contains("branch=" + id.branch())
        .contains("Route: <sip:127.0.0.1:5070;lr>\r\n")
        .contains("To: <sip:them@127.0.0.1:5070>;tag=to-5070\r\n")
        .contains("CSeq: 1 ACK\r\n");
  }

  @Test
  void a_lost_request_and_a_lost_answer_are_repaired() {
    bob.answerAllWith(200);
    network.worse(100, 0, 1);
    alice.send("BYE", BOB);
    loop.advanceMs(300);
    network.worse(0, 0, 1);
    loop.advanceMs(300);
    assertThat(bob.heard).containsExactly("BYE");
    assertThat(alice.heard).containsExactly("200 BYE");
  }

  @Test
  void a_cancel_waits_for_a_provisional_response() {
    ClientTransactionId invite = alice.send("INVITE", BOB);
    alice.layer.cancel(invite, "SIP;cause=200;text=\"Call completed elsewhere\"");
    loop.advanceMs(100);
    assertThat(network.seen()).containsExactly("5060>5070 INVITE");

    loop.advanceMs(300);
    assertThat(bob.heard).containsExactly("INVITE", "CANCEL");
    assertThat(network.seen())
        .containsExactly(
            "5060>5070 INVITE", "5070>5060 100 INVITE", "5060>5070 CANCEL", "5070>5060 200 CANCEL");
  }

  @Test
  void a_cancelled_invite_is_answered_487_by_its_user() {
    bob.answering = (id, request) -> bob.layer.respond(id, SipResponse.to(request, 180, "b"));
    ClientTransactionId invite = alice.send("INVITE", BOB);
    loop.advanceMs(100);
    alice.layer.cancel(invite, null);
    loop.advanceMs(100);
    assertThat(bob.heard).containsExactly("INVITE", "CANCEL");
    bob.layer.respond(bob.requests.getFirst(), SipResponse.to(bob.received.getFirst(), 487, "b"));
    loop.advanceMs(100);

    assertThat(alice.heard).containsExactly("180 INVITE", "487 INVITE");
    assertThat(network.seen()).endsWith("5060>5070 ACK");
  }

  @Test
  void a_cancel_after_the_answer_changes_nothing() {
    bob.answerAllWith(200);
    ClientTransactionId invite = alice.send("INVITE", BOB);
    loop.advanceMs(100);
    alice.layer.cancel(invite, null);
    loop.advanceMs(1_000);
    assertThat(network.seen()).doesNotContain("5060>5070 CANCEL");
  }

  @Test
  void a_cancel_for_nothing_gets_481() {
    alice.send("CANCEL", BOB);
    loop.advanceMs(100);
    assertThat(alice.heard).containsExactly("481 CANCEL");
    assertThat(bob.heard).isEmpty();
  }

  @Test
  void a_cancelled_invite_that_nobody_ends_times_out() {
    bob.answering = (id, request) -> bob.layer.respond(id, SipResponse.to(request, 180, "b"));
    ClientTransactionId invite = alice.send("INVITE", BOB);
    loop.advanceMs(100_000);
    assertThat(alice.heard).containsExactly("180 INVITE");
    alice.layer.cancel(invite, null);
    loop.advanceMs(33_000);
    assertThat(alice.heard).containsExactly("180 INVITE", "timeout INVITE");
  }

  @Test
  void a_2xx_is_repeated_until_its_ack_and_every_copy_reaches_the_caller() {
    PendingAcks pending = new PendingAcks(loop, bob.layer, SipTimers.RFC_3261);
    bob.answering =
        (id, request) ->
            pending.send(id, SipResponse.to(request, 200, "b"), () -> bob.heard.add("gave up"));
    SipRequest invite = alice.request("INVITE", BOB);
    alice.layer.request(invite, SimNetwork.at(BOB), alice);
    loop.advanceMs(1_600);
    assertThat(alice.heard).containsExactly("200 INVITE", "200 INVITE", "200 INVITE");

    SipRequest ack = ack(invite, alice.responses.getFirst());
    assertThat(pending.acknowledged(ack, FROM_ALICE)).isTrue();
    assertThat(pending.acknowledged(ack, FROM_ALICE)).isFalse();
    loop.advanceMs(60_000);
    assertThat(alice.heard).hasSize(3);
    assertThat(bob.heard).containsExactly("INVITE");
  }

  @Test
  void a_2xx_that_nobody_acknowledges_is_given_up_after_32_s() {
    PendingAcks pending = new PendingAcks(loop, bob.layer, SipTimers.RFC_3261);
    bob.answering =
        (id, request) ->
            pending.send(id, SipResponse.to(request, 200, "b"), () -> bob.heard.add("gave up"));
    alice.send("INVITE", BOB);
    loop.advanceMs(31_900);
    assertThat(bob.heard).containsExactly("INVITE");
    loop.advanceMs(200);
    assertThat(bob.heard).containsExactly("INVITE", "gave up");
    assertThat(alice.heard).hasSize(11).containsOnly("200 INVITE");
    assertThat(pending.size()).isZero();
  }

  @Test
  void the_ack_of_a_2xx_goes_to_the_user() {
    bob.answerAllWith(200);
    SipRequest invite = alice.request("INVITE", BOB);
    alice.layer.request(invite, SimNetwork.at(BOB), alice);
    loop.advanceMs(100);
    SentAck sent =
        alice.layer.acknowledge(ack(invite, alice.responses.getFirst()), SimNetwork.at(BOB));
    loop.advanceMs(100);
    alice.layer.repeatAck(sent, SimNetwork.at(BOB));
    loop.advanceMs(100);
    assertThat(bob.heard).containsExactly("INVITE", "ACK", "ACK");
  }

  @Test
  void nobody_home_is_told_after_the_request_was_given_its_id() {
    ClientTransactionId id = alice.send("OPTIONS", 9);
    assertThat(alice.heard).isEmpty();
    loop.advanceMs(10);
    assertThat(alice.heard).containsExactly("REFUSED OPTIONS");
    assertThat(id.method()).isEqualTo("OPTIONS");
    assertThat(alice.layer.live()).isZero();
  }

  @Test
  void nobody_listening_is_a_timeout_after_32_s() {
    network.attach(BOB, inbound -> {});
    alice.send("INVITE", BOB);
    alice.send("REGISTER", BOB);
    loop.advanceMs(31_900);
    assertThat(alice.heard).isEmpty();
    loop.advanceMs(200);
    assertThat(alice.heard).containsExactlyInAnyOrder("timeout INVITE", "timeout REGISTER");
    assertThat(network.seen().stream().filter("5060>5070 INVITE"::equals)).hasSize(7);
    assertThat(network.seen().stream().filter("5060>5070 REGISTER"::equals)).hasSize(11);
  }

  @Test
  void over_tcp_nothing_is_sent_twice() {
    network.attach(BOB, inbound -> {});
    Destination tcp =
        new Destination(TransportProtocol.TCP, new InetSocketAddress("127.0.0.1", BOB));
    alice.layer.request(alice.request("INVITE", BOB), tcp, alice);
    loop.advanceMs(40_000);
    assertThat(alice.heard).containsExactly("timeout INVITE");
    assertThat(network.seen()).containsExactly("5060>5070 INVITE");
  }

  @Test
  void an_unacknowledged_failure_is_told_after_32_s() {
    bob.answerAllWith(486);
    network.inject(ALICE, BOB, invite("SIP/2.0/UDP 127.0.0.1:5060;branch=z9hG4bKx"));
    loop.advanceMs(33_000);
    assertThat(bob.heard).containsExactly("INVITE", "unacknowledged");
    assertThat(alice.layer.counters().strayResponses()).isEqualTo(11);
  }

  /** RFC 3261 8.2.7: a stateless answer, so that what strangers ask costs no memory. */
  @Test
  void a_challenge_is_not_kept_and_the_same_request_gets_another_one_with_the_same_tag() {
    bob.answering =
        (id, request) -> {
          network.worse(bob.requests.size() == 1 ? 100 : 0, 0, 1); // the first answer is lost
          assertThat(bob.layer.respondOnce(id, SipResponse.to(request, 401, bob.layer.tag(id))))
              .isTrue();
          network.worse(0, 0, 1);
        };
    alice.send("REGISTER", BOB);
    loop.advanceMs(2_000);
    assertThat(bob.heard).containsExactly("REGISTER", "REGISTER");
    assertThat(bob.layer.live()).isZero();
    assertThat(alice.heard).containsExactly("401 REGISTER");
    assertThat(bob.requests.stream().map(bob.layer::tag).distinct()).hasSize(1);
    assertThat(alice.responses.getFirst().toTag())
        .isEqualTo(bob.layer.tag(bob.requests.getFirst()));

    bob.answering = (id, request) -> bob.layer.respondOnce(id, SipResponse.to(request, 407, "t"));
    alice.send("INVITE", BOB);
    loop.advanceMs(1_000);
    assertThat(bob.heard).as("its ACK ends in its transaction").doesNotContain("ACK");
  }

  @Test
  void the_same_branch_from_another_sender_is_another_transaction() {
    network.inject(ALICE, BOB, invite("SIP/2.0/UDP 127.0.0.1:5060;branch=z9hG4bKx"));
    network.inject(ALICE, BOB, invite("SIP/2.0/UDP 127.0.0.1:5061;branch=z9hG4bKx"));
    network.inject(ALICE, BOB, invite("SIP/2.0/UDP 127.0.0.1:5060;branch=z9hG4bKx"));
    assertThat(bob.heard).containsExactly("INVITE", "INVITE");
  }

  @Test
  void a_peer_of_rfc_2543_is_matched_by_its_other_fields() {
    bob.answerAllWith(486);
    byte[] old = invite("SIP/2.0/UDP 127.0.0.1:5060");
    network.inject(ALICE, BOB, old);
    network.inject(ALICE, BOB, old);
    String other = new String(old, StandardCharsets.UTF_8).replace("CSeq: 7", "CSeq: 8");
    network.inject(ALICE, BOB, other.getBytes(StandardCharsets.UTF_8));
    assertThat(bob.heard).containsExactly("INVITE", "INVITE");

    String ack =
        new String(old, StandardCharsets.UTF_8)
            .replace("INVITE", "ACK")
            .replace("To: <sip:b@h>", "To: <sip:b@h>;tag=to-5070");
    network.inject(ALICE, BOB, ack.getBytes(StandardCharsets.UTF_8));
    network.inject(ALICE, BOB, ack.replace("CSeq: 7", "CSeq: 8").getBytes(StandardCharsets.UTF_8));
    loop.advanceMs(33_000);
    assertThat(bob.heard).containsExactly("INVITE", "INVITE");
    assertThat(bob.layer.live()).isZero();
  }

  @Test
  void above_the_limit_new_calls_get_503_and_calls_in_progress_are_served() {
    TestCore small = new TestCore(loop, network, 5080, new TransactionLimits(2, 7));
    for (int i = 0; i < 4; i++) {
      alice.send("INVITE", 5080);
    }
    SipRequest bye = alice.request("BYE", 5080);
    alice.layer.request(bye.with("To", bye.to() + ";tag=known"), SimNetwork.at(5080), alice);
    loop.advanceMs(100);
    assertThat(small.heard).containsExactly("INVITE", "INVITE", "BYE");
    assertThat(alice.heard).containsExactly("503 INVITE", "503 INVITE");
    assertThat(alice.responses.getFirst().header("Retry-After")).isEqualTo("7");
    assertThat(small.layer.counters().refused()).isEqualTo(2);
  }

  @Test
  void on_a_wire_that_loses_5_percent_every_effect_happens_once_and_nothing_leaks() {
    network.worse(5, 3, 300);
    bob.answering =
        (id, request) -> {
          int status = request.is("INVITE") ? 486 : 200;
          loop.schedule(500, () -> bob.layer.respond(id, SipResponse.to(request, status, "b")));
        };
    int each = 1_000;
    for (int i = 0; i < each; i++) {
      alice.send("INVITE", BOB);
      alice.send("BYE", BOB);
      loop.advanceMs(20);
    }
    loop.advanceMs(120_000);

    assertThat(count(bob.heard, "INVITE")).isEqualTo(each);
    assertThat(count(bob.heard, "BYE")).isEqualTo(each);
    assertThat(count(alice.heard, "486 INVITE")).isEqualTo(each);
    assertThat(count(alice.heard, "200 BYE")).isEqualTo(each);
    assertThat(alice.layer.live() + bob.layer.live()).isZero();
  }

  @Test
  void a_user_that_throws_is_answered_for_with_500() {
    bob.answering =
        (id, request) -> {
          throw new IllegalStateException("a mistake of the user");
        };
    alice.send("INVITE", BOB);
    alice.send("BYE", BOB);
    loop.advanceMs(60_000);
    assertThat(alice.heard).containsExactly("500 INVITE", "500 BYE");
    assertThat(bob.layer.counters().userFailures()).isEqualTo(2);
    assertThat(bob.layer.live()).isZero();
  }

  @Test
  void a_closed_layer_is_silent() {
    alice.send("INVITE", BOB);
    alice.layer.close();
    loop.advanceMs(60_000);
    assertThat(alice.heard).isEmpty();
    assertThat(alice.layer.live()).isZero();
  }

  private static long count(List<String> heard, String what) {
    return heard.stream().filter(what::equals).count();
  }

  private static SipRequest ack(SipRequest invite, SipResponse success) {
    return SipRequest.builder("ACK", invite.uri())
        .maxForwards(70)
        .fields(invite.headers().fieldsNamed("From"))
        .fields(success.headers().fieldsNamed("To"))
        .callId(invite.callId())
        .cseq(invite.cseq().number())
        .build();
  }

  private static byte[] invite(String via) {
    return Stream.of(
            "INVITE sip:b@127.0.0.1:5070 SIP/2.0",
            "Via: " + via,
            "Max-Forwards: 70",
            "From: <sip:a@h>;tag=1",
            "To: <sip:b@h>",
            "Call-ID: c",
            "CSeq: 7 INVITE",
            "Contact: <sip:a@127.0.0.1:5060>",
            "Content-Length: 0",
            "",
            "")
        .reduce((above, below) -> above + "\r\n" + below)
        .orElseThrow()
        .getBytes(StandardCharsets.UTF_8);
  }
}
