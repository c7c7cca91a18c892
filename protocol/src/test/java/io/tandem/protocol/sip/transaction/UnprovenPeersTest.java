package io.tandem.protocol.sip.transaction;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.protocol.sip.message.SipRequest;
import io.tandem.protocol.sip.message.SipResponse;
import io.tandem.protocol.sip.message.Via;
import io.tandem.protocol.sip.sim.SimNetwork;
import io.tandem.protocol.sip.sim.VirtualLoop;
import io.tandem.protocol.sip.transaction.fsm.SipTimers;
import io.tandem.protocol.sip.transport.Flow;
import io.tandem.protocol.sip.transport.SendFailure;
import io.tandem.protocol.sip.transport.Target;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/**
 * Who has shown that it hears us, what is repeated to whom has not, and how little of what
 * strangers send is kept (ACC-8, OPS-5).
 */
class UnprovenPeersTest {
  private static final int ALICE = 5060;
  private static final int BOB = 5070;
  private static final InetSocketAddress HERE = new InetSocketAddress("127.0.0.1", ALICE);
  private static final InetSocketAddress VICTIM = new InetSocketAddress("127.0.0.2", ALICE);

  private final VirtualLoop loop = new VirtualLoop();
  private final SimNetwork network = new SimNetwork(loop, 42);
  private final Doubting wire = new Doubting(network.wire(BOB));
  private final TestCore bob = new TestCore(loop, network, wire, BOB);

  /** A wire that notes who is proven, and repeats nothing to anybody unless it may. */
  private static final class Doubting implements SipWire {
    final SipWire real;
    final List<InetSocketAddress> proven = new ArrayList<>();
    boolean repeats;

    Doubting(SipWire real) {
      this.real = real;
    }

    @Override
    public void send(SipRequest request, Target target, Consumer<SendFailure> onFailure) {
      real.send(request, target, onFailure);
    }

    @Override
    public void respond(SipResponse response, Flow flow, Consumer<SendFailure> onFailure) {
      real.respond(response, flow, onFailure);
    }

    @Override
    public boolean mayRepeat(Flow flow, int octets) {
      return repeats;
    }

    @Override
    public boolean mayRepeat(SipRequest request, Target target) {
      return repeats;
    }

    @Override
    public void proven(Flow flow) {
      proven.add(flow.remote());
    }

    @Override
    public Via via(Target target, String branch) {
      return real.via(target, branch);
    }
  }

  private static byte[] message(String method, String branch, String toTag) {
    return String.join(
            "\r\n",
            method + " sip:b@127.0.0.1:5070 SIP/2.0",
            "Via: SIP/2.0/UDP 127.0.0.1:5060;branch=z9hG4bK" + branch,
            "Max-Forwards: 70",
            "From: <sip:a@h>;tag=1",
            "To: <sip:b@h>" + (toTag.isEmpty() ? "" : ";tag=" + toTag),
            "Call-ID: c",
            "CSeq: 7 " + method,
            "Contact: <sip:a@127.0.0.1:5060>",
            "Content-Length: 0",
            "",
            "")
        .getBytes(StandardCharsets.UTF_8);
  }

  private void from(InetSocketAddress source, String method, String branch, String toTag) {
    network.inject(source, BOB, message(method, branch, toTag));
  }

  private int sentBy(String what) {
    return (int) network.seen().stream().filter(("5070>5060 " + what)::equals).count();
  }

  @Test
  void the_ack_of_a_failure_proves_the_address_that_was_refused_and_no_other() {
    bob.answerAllWith(404);
    from(HERE, "INVITE", "x", "");
    from(VICTIM, "ACK", "x", "to-5070");
    assertThat(wire.proven).isEmpty();
    from(HERE, "INVITE", "y", "");
    from(HERE, "ACK", "y", "another");
    assertThat(wire.proven).isEmpty();
    from(HERE, "INVITE", "z", "");
    from(HERE, "ACK", "z", "to-5070");
    assertThat(wire.proven).containsExactly(HERE);
  }

  @Test
  void the_ack_of_a_2xx_proves_the_address_that_was_answered_and_no_other() {
    PendingAcks pending = new PendingAcks(loop, bob.layer, SipTimers.RFC_3261);
    bob.answering = (id, request) -> pending.send(id, SipResponse.to(request, 200, "b"), () -> {});
    bob.acknowledging = pending;
    from(HERE, "INVITE", "x", "");
    from(VICTIM, "ACK", "own-1", "b");
    assertThat(wire.proven).isEmpty();
    assertThat(pending.size()).isZero();

    from(HERE, "INVITE", "y", "");
    from(HERE, "ACK", "own-2", "b");
    assertThat(wire.proven).containsExactly(HERE);
  }

  @Test
  void a_response_proves_the_address_that_was_asked_and_no_other() {
    network.attach(ALICE, inbound -> {});
    for (InetSocketAddress source : List.of(VICTIM, HERE)) {
      assertThat(wire.proven).isEmpty();
      ClientTransactionId id = bob.send("BYE", ALICE);
      String answer =
          "SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP 127.0.0.1:5070;branch="
              + id.branch()
              + "\r\nFrom: <sip:a@h>;tag=1\r\nTo: <sip:b@h>;tag=2\r\nCall-ID: c\r\n"
              + "CSeq: 1 BYE\r\nContent-Length: 0\r\n\r\n";
      network.inject(source, BOB, answer.getBytes(StandardCharsets.UTF_8));
    }
    assertThat(wire.proven).containsExactly(HERE);
  }

  /** RFC 3261 17.2.1: a caller that has heard a 100 no longer repeats: we have to. */
  @Test
  void a_failure_is_repeated_as_soon_as_it_may_be() {
    network.attach(ALICE, inbound -> {});
    bob.answerAllWith(486);
    from(HERE, "INVITE", "x", "");
    loop.advanceMs(1_400);
    assertThat(sentBy("486 INVITE")).isEqualTo(1);
    wire.repeats = true;
    loop.advanceMs(1_000);
    assertThat(sentBy("486 INVITE")).isEqualTo(2);
    from(HERE, "ACK", "x", "to-5070");
    loop.advanceMs(40_000);
    assertThat(sentBy("486 INVITE")).isEqualTo(2);
  }

  /** Who answers no INVITE's 200 with an ACK may be somebody else at a forged address. */
  @Test
  void a_bye_to_who_may_not_hear_us_leaves_once_and_what_opens_something_as_often_as_ever() {
    network.attach(ALICE, inbound -> {});
    SipRequest bye = bob.request("BYE", ALICE);
    bob.layer.request(bye.with("To", bye.to() + ";tag=theirs"), SimNetwork.at(ALICE), bob);
    bob.send("REGISTER", ALICE);
    loop.advanceMs(33_000);
    assertThat(sentBy("BYE")).isEqualTo(1);
    assertThat(sentBy("REGISTER")).isEqualTo(11);
    wire.repeats = true;
    bob.layer.request(bye.with("To", bye.to() + ";tag=theirs"), SimNetwork.at(ALICE), bob);
    loop.advanceMs(33_000);
    assertThat(sentBy("BYE")).isEqualTo(12);
  }

  @Test
  void of_what_anybody_can_ask_nothing_is_kept() {
    bob.answering =
        (id, request) ->
            bob.layer.respondOnce(
                id, SipResponse.to(request, 481, request.toTag() == null ? "t" : null));
    for (int i = 0; i < 1_000; i++) {
      from(HERE, "BYE", "b" + i, "made-up-" + i);
      from(HERE, "INVITE", "i" + i, "made-up-" + i);
      from(HERE, "OPTIONS", "o" + i, "");
      from(HERE, "CANCEL", "c" + i, "");
    }
    assertThat(bob.layer.live()).isZero();
    assertThat(sentBy("481 INVITE")).isEqualTo(1_000);
    assertThat(sentBy("481 CANCEL")).isEqualTo(1_000);
    bob.heard.clear();
    from(HERE, "ACK", "i7", "made-up-7");
    assertThat(bob.heard).as("it is of nothing we know").containsExactly("ACK");
    assertThat(wire.proven).isEmpty();
    loop.advanceMs(40_000);
    assertThat(sentBy("481 INVITE")).isEqualTo(1_000);
  }

  @Test
  void above_the_limit_every_method_is_refused_and_twice_above_it_dialogs_wait_too() {
    TestCore small = new TestCore(loop, network, 5080, new TransactionLimits(3, 7));
    for (int i = 0; i < 20; i++) {
      for (String method : List.of("OPTIONS", "REGISTER", "X")) {
        network.inject(HERE, 5080, message(method, method + i, ""));
      }
    }
    assertThat(small.layer.live()).isEqualTo(3);
    assertThat(network.seen()).hasSize(57).contains("5080>5060 503 REGISTER", "5080>5060 503 X");
    for (int i = 0; i < 20; i++) {
      network.inject(HERE, 5080, message("INFO", "i" + i, "known"));
    }
    assertThat(small.layer.live()).isEqualTo(6);
    assertThat(network.seen()).as("nothing ends a call by mistake").hasSize(57);
    assertThat(small.layer.counters().refused()).isEqualTo(57 + 17);
  }

  @Test
  void the_tag_of_an_answer_that_proves_something_is_drawn_and_others_are_the_same_again() {
    ServerTransactionId register =
        new ServerTransactionId("z9hG4bKx", "127.0.0.1:5060", "REGISTER");
    ServerTransactionId other = new ServerTransactionId("z9hG4bKy", "127.0.0.1:5060", "REGISTER");
    ServerTransactionId invite = new ServerTransactionId("z9hG4bKx", "127.0.0.1:5060", "INVITE");
    assertThat(bob.layer.tag(register))
        .isEqualTo(bob.layer.tag(register))
        .hasSize(16)
        .isNotEqualTo(bob.layer.tag(other));
    assertThat(bob.layer.tag(invite)).isNotEqualTo(bob.layer.tag(invite));
  }
}
