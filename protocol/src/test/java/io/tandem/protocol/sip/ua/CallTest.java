package io.tandem.protocol.sip.ua;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.protocol.sip.message.HeaderField;
import io.tandem.protocol.sip.message.SipRequest;
import io.tandem.protocol.sip.message.SipUri;
import io.tandem.protocol.sip.sdp.AudioSession;
import io.tandem.protocol.sip.sdp.Direction;
import io.tandem.protocol.sip.sdp.Sdp;
import io.tandem.protocol.sip.sim.SimNetwork;
import io.tandem.protocol.sip.sim.VirtualLoop;
import io.tandem.protocol.sip.transaction.Tokens;
import io.tandem.protocol.sip.transaction.fsm.SipTimers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class CallTest {

  private static final int ALICE = 5060;
  private static final int BOB = 5070;
  private static final SipUri TO_BOB = SipUri.sip("bob", "127.0.0.1", BOB);

  private final VirtualLoop loop = new VirtualLoop();
  private final SimNetwork network = new SimNetwork(loop, 3);
  private final UserAgent alices = agent(ALICE);
  private final UserAgent bobs = agent(BOB);
  private final UaLine alice = line(alices, "alice", BOB, CallHandler.UNAVAILABLE);
  private final TestMedia aliceMedia = new TestMedia(4_000);
  private final TestMedia bobMedia = new TestMedia(4_002);
  private final List<UaCall> received = new ArrayList<>();

  @Test
  void a_call_rings_is_answered_and_ended_by_the_caller() {
    bobAnswersAfter(3_000);
    UaCall call = alice.call(TO_BOB, aliceMedia);
    loop.advanceMs(1_000);
    assertThat(call.state()).isEqualTo(UaCall.State.RINGING);
    assertThat(call.ringing().join()).isTrue();
    loop.advanceMs(3_000);
    assertThat(call.answered().join()).isTrue();
    assertThat(received.getFirst().answered().join()).isTrue();
    call.hangUp();
    loop.advanceMs(100);

    assertThat(call.ended().join()).isEqualTo(new CallEnd(CallEnd.Cause.HUNG_UP_HERE, 200, true));
    assertThat(received.getFirst().ended().join().cause()).isEqualTo(CallEnd.Cause.HUNG_UP_THERE);
    assertThat(network.seen())
        .containsExactly(
            "5060>5070 INVITE",
            "5070>5060 180 INVITE",
            "5070>5060 200 INVITE",
            "5060>5070 ACK",
            "5060>5070 BYE",
            "5070>5060 200 BYE");
    assertNothingLeft();
  }

  @Test
  void a_call_is_ended_by_the_called_side() {
    line(
        bobs,
        "bob",
        ALICE,
        record(AnswerPlan.answering(loop, 100, () -> bobMedia).hangingUpAfter(5_000)));
    UaCall call = alice.call(TO_BOB, aliceMedia);
    loop.advanceMs(6_000);
    assertThat(call.ended().join()).isEqualTo(new CallEnd(CallEnd.Cause.HUNG_UP_THERE, 200, true));
    assertThat(received.getFirst().ended().join().cause()).isEqualTo(CallEnd.Cause.HUNG_UP_HERE);
    assertNothingLeft();
  }

  @Test
  void offer_and_answer_reach_the_media_of_both_sides() {
    bobAnswersAfter(0);
    UaCall call = alice.call(TO_BOB, aliceMedia);
    loop.advanceMs(1_000);
    assertThat(aliceMedia.remotePort()).isEqualTo(4_002);
    assertThat(bobMedia.remotePort()).isEqualTo(4_000);
    call.hangUp();
    loop.advanceMs(1_000);
    assertThat(aliceMedia.ends + bobMedia.ends).isEqualTo(2);
  }

  @Test
  void a_caller_who_gives_up_cancels() {
    line(bobs, "bob", ALICE, record(AnswerPlan.ringingOnly(loop)));
    UaCall call = alice.call(TO_BOB, aliceMedia);
    loop.advanceMs(1_000);
    call.hangUp();
    loop.advanceMs(100);
    CallEnd cancelled = new CallEnd(CallEnd.Cause.CANCELLED, 487, false);
    assertThat(call.ended().join()).isEqualTo(cancelled);
    assertThat(received.getFirst().ended().join()).isEqualTo(cancelled);
    assertThat(call.answered().join()).isFalse();
    assertNothingLeft();
  }

  @Test
  void an_answer_that_crosses_the_cancel_is_ended_with_bye() {
    bobAnswersAfter(500);
    UaCall call = alice.call(TO_BOB, aliceMedia);
    loop.advanceMs(501);
    call.hangUp();
    loop.advanceMs(1_000);
    assertThat(call.ended().join().cause()).isEqualTo(CallEnd.Cause.HUNG_UP_HERE);
    assertThat(received.getFirst().ended().join().cause()).isEqualTo(CallEnd.Cause.HUNG_UP_THERE);
    assertThat(network.seen()).contains("5060>5070 CANCEL", "5060>5070 BYE");
    assertNothingLeft();
  }

  @Test
  void refusals_carry_their_status() {
    for (int status : new int[] {480, 486, 603}) {
      line(bobs, "bob", ALICE, AnswerPlan.refusing(loop, status));
      UaCall call = alice.call(TO_BOB, aliceMedia);
      loop.advanceMs(1_000);
      assertThat(call.ended().join()).isEqualTo(new CallEnd(CallEnd.Cause.REFUSED, status, false));
    }
    UaCall nobody = alice.call(SipUri.sip("nobody", "127.0.0.1", BOB), aliceMedia);
    loop.advanceMs(1_000);
    assertThat(nobody.ended().join().status()).isEqualTo(404);
    assertNothingLeft();
  }

  @Test
  void a_called_side_that_hangs_up_while_it_rings_declines() {
    line(bobs, "bob", ALICE, record(AnswerPlan.ringingOnly(loop)));
    UaCall call = alice.call(TO_BOB, aliceMedia);
    loop.advanceMs(1_000);
    received.getFirst().hangUp();
    loop.advanceMs(1_000);
    assertThat(call.ended().join().status()).isEqualTo(603);
  }

  @Test
  void a_call_without_a_common_codec_gets_488() {
    bobAnswersAfter(0);
    TestMedia exotic = new TestMedia(4_004);
    exotic.session =
        new AudioSession(
            "127.0.0.1",
            4_004,
            List.of(new io.tandem.protocol.sip.sdp.Codec(96, "exotic", 8_000, 1, null)));
    UaCall call = alice.call(TO_BOB, exotic);
    loop.advanceMs(1_000);
    assertThat(call.ended().join().status()).isEqualTo(488);
    assertNothingLeft();
  }

  @Test
  void nobody_there_ends_the_call_with_408_or_503() {
    network.attach(BOB, inbound -> {});
    UaCall unanswered = alice.call(TO_BOB, aliceMedia);
    loop.advanceMs(33_000);
    assertThat(unanswered.ended().join())
        .isEqualTo(new CallEnd(CallEnd.Cause.TIMED_OUT, 408, false));
    UaLine lost = line(alices, "lost", 9, CallHandler.UNAVAILABLE);
    UaCall unsent = lost.call(TO_BOB, aliceMedia);
    loop.advanceMs(100);
    assertThat(unsent.ended().join()).isEqualTo(new CallEnd(CallEnd.Cause.NOT_SENT, 503, false));
  }

  @Test
  void hold_and_resume_change_the_direction_and_count_the_version() {
    bobAnswersAfter(0);
    UaCall call = alice.call(TO_BOB, aliceMedia);
    loop.advanceMs(1_000);
    CompletableFuture<UaAnswer> held = call.hold();
    loop.advanceMs(1_000);
    assertThat(held.join().status()).isEqualTo(200);
    assertThat(bobMedia.last().holds()).isTrue();
    assertThat(aliceMedia.last().audioDirection()).isEqualTo(Direction.RECVONLY);
    CompletableFuture<UaAnswer> resumed = call.resume();
    loop.advanceMs(1_000);
    assertThat(resumed.join().isSuccess()).isTrue();
    assertThat(bobMedia.last().holds()).isFalse();
    assertThat(bobMedia.versions()).doesNotHaveDuplicates().hasSize(3).isSorted();
    call.hangUp();
    loop.advanceMs(1_000);
    assertNothingLeft();
  }

  @Test
  void both_sides_changing_at_once_get_491_and_each_its_way_after_the_wait() {
    bobAnswersAfter(0);
    UaCall call = alice.call(TO_BOB, aliceMedia);
    loop.advanceMs(1_000);
    CompletableFuture<UaAnswer> ours = call.hold();
    CompletableFuture<UaAnswer> theirs = received.getFirst().hold();
    loop.advanceMs(2_050);
    assertThat(network.seen()).contains("5060>5070 491 INVITE", "5070>5060 491 INVITE");
    assertThat(theirs.join().status()).isEqualTo(200);
    assertThat(ours).isNotDone();
    loop.advanceMs(2_000);
    assertThat(ours.join().status()).isEqualTo(200);
  }

  /** RFC 3262: the early answer arrives, whatever is lost, and the 200 after it. */
  @Test
  void early_media_is_described_reliably_to_a_caller_that_supports_it() {
    SimNetwork bad = network.worse(20, 5, 30);
    line(
        bobs,
        "bob",
        ALICE,
        call -> {
          received.add(call);
          call.progress(bobMedia);
        });
    UaCall call = alice.call(TO_BOB, aliceMedia, List.of(HeaderField.of("Supported", "100rel")));
    loop.advanceMs(20_000);
    assertThat(bad.seen())
        .contains("5070>5060 183 INVITE", "5060>5070 PRACK", "5070>5060 200 PRACK");
    assertThat(aliceMedia.remotePort()).isEqualTo(4_002);
    assertThat(call.state()).isEqualTo(UaCall.State.RINGING);
    received.getFirst().answer(bobMedia);
    loop.advanceMs(30_000);
    assertThat(call.answered().join()).isTrue();
    call.hangUp();
    loop.advanceMs(60_000);
    assertNothingLeft();
  }

  @Test
  void requests_within_the_call_are_answered_and_strangers_get_481() {
    bobAnswersAfter(0);
    UaCall call = alice.call(TO_BOB, aliceMedia);
    loop.advanceMs(1_000);
    CompletableFuture<UaAnswer> info =
        call.request("INFO", "application/dtmf-relay", "Signal=1\r\nDuration=160");
    CompletableFuture<UaAnswer> unknown = call.request("REFER", "text/plain", "");
    loop.advanceMs(1_000);
    assertThat(info.join().status()).isEqualTo(200);
    assertThat(unknown.join().status()).isEqualTo(405);
    bobs.abandon();
    CompletableFuture<UaAnswer> stranger = call.request("INFO", "text/plain", "x");
    loop.advanceMs(1_000);
    assertThat(stranger.join().status()).isEqualTo(481);
  }

  @Test
  void headers_of_the_callers_choice_reach_the_called_side() {
    bobAnswersAfter(0);
    UaCall call =
        alice.call(TO_BOB, aliceMedia, List.of(HeaderField.of("X-Tandem-Price", "12.50 USD")));
    loop.advanceMs(1_000);
    assertThat(call.answered().join()).isTrue();
    assertThat(received.getFirst().invite().header("X-Tandem-Price")).isEqualTo("12.50 USD");
  }

  @Test
  void an_invite_without_an_offer_is_answered_with_one() {
    bobAnswersAfter(0);
    String invite =
        """
        INVITE sip:bob@127.0.0.1:5070 SIP/2.0
        Via: SIP/2.0/UDP 127.0.0.1:5060;branch=z9hG4bKlate
        Max-Forwards: 70
        From: <sip:alice@127.0.0.1>;tag=late
        To: <sip:bob@127.0.0.1>
        Call-ID: late-offer
        CSeq: 1 INVITE
        Contact: <sip:alice@127.0.0.1:5060>
        Content-Length: 0

        """;
    List<SipRequest> nothing = new ArrayList<>();
    List<Sdp> offers = new ArrayList<>();
    network.attach(
        ALICE,
        inbound -> {
          UaCall.sdpOf(inbound.message()).ifPresent(offers::add);
          if (inbound.message() instanceof SipRequest request) {
            nothing.add(request);
          }
        });
    network.inject(ALICE, BOB, invite.replace("\n", "\r\n").getBytes(StandardCharsets.UTF_8));
    loop.advanceMs(100);
    assertThat(offers.getFirst().audioEndpoint().orElseThrow().rtpPort()).isEqualTo(4_002);
    loop.advanceMs(33_000);
    assertThat(nothing).extracting(SipRequest::method).contains("BYE");
    loop.advanceMs(40_000);
    assertThat(received.getFirst().ended().join())
        .isEqualTo(new CallEnd(CallEnd.Cause.TIMED_OUT, 408, true));
  }

  @Test
  void a_called_side_that_hangs_up_before_the_ack_waits_for_it_and_for_its_absence() {
    line(
        bobs,
        "bob",
        ALICE,
        record(AnswerPlan.answering(loop, 0, () -> bobMedia).hangingUpAfter(1)));
    UaCall call = alice.call(TO_BOB, aliceMedia);
    loop.advanceMs(1_000);
    assertThat(call.ended().join().cause()).isEqualTo(CallEnd.Cause.HUNG_UP_THERE);
    int ack = network.seen().indexOf("5060>5070 ACK");
    assertThat(network.seen().indexOf("5070>5060 BYE")).isGreaterThan(ack);
    assertNothingLeft();
  }

  @Test
  void a_thousand_calls_on_a_bad_wire_all_come_to_their_end() {
    network.worse(5, 3, 200);
    line(
        bobs,
        "bob",
        ALICE,
        record(AnswerPlan.answering(loop, 1_500, () -> CallMedia.none("127.0.0.1", 4_002))));
    List<UaCall> calls = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      UaCall call = alice.call(TO_BOB, CallMedia.none("127.0.0.1", 4_000));
      calls.add(call);
      boolean impatient = i % 10 == 0;
      loop.schedule(impatient ? 800 : 20_000, call::hangUp);
      loop.advanceMs(10);
    }
    loop.advanceMs(200_000);

    assertThat(calls).allMatch(call -> call.ended().isDone());
    assertThat(received).allMatch(call -> call.ended().isDone());
    assertThat(calls.stream().filter(call -> call.answered().join()).count()).isBetween(890L, 900L);
    assertNothingLeft();
  }

  private void bobAnswersAfter(long ms) {
    line(bobs, "bob", ALICE, record(AnswerPlan.answering(loop, ms, () -> bobMedia)));
  }

  private CallHandler record(CallHandler handler) {
    return call -> {
      received.add(call);
      handler.onCall(call);
    };
  }

  private void assertNothingLeft() {
    loop.advanceMs(100_000);
    assertThat(alices.calls() + bobs.calls()).isZero();
    assertThat(alices.transactions() + bobs.transactions()).isZero();
  }

  private UserAgent agent(int port) {
    UserAgent agent =
        new UserAgent(loop, network.wire(port), SipTimers.RFC_3261, new Tokens(new Random(port)));
    network.attach(port, agent.listener());
    return agent;
  }

  private static UaLine line(UserAgent agent, String user, int proxy, CallHandler handler) {
    return agent.line(new UaIdentity(user, "127.0.0.1", null, null, SimNetwork.at(proxy)), handler);
  }

  /** Remembers what it was told. */
  private static final class TestMedia implements CallMedia {
    final List<Sdp> described = new ArrayList<>();
    AudioSession session;
    int ends;

    TestMedia(int port) {
      session = AudioSession.g711("127.0.0.1", port);
    }

    Sdp last() {
      return described.getLast();
    }

    int remotePort() {
      return last().audioEndpoint().orElseThrow().rtpPort();
    }

    List<Long> versions() {
      return described.stream()
          .map(sdp -> Long.valueOf(sdp.origin().orElseThrow().version()))
          .toList();
    }

    @Override
    public AudioSession session() {
      return session;
    }

    @Override
    public void described(Sdp remote) {
      described.add(remote);
    }

    @Override
    public void ended() {
      ends++;
    }
  }
}
