package io.tandem.protocol.sip.reliable;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.protocol.sip.message.NameAddress;
import io.tandem.protocol.sip.message.SipRequest;
import io.tandem.protocol.sip.message.SipResponse;
import io.tandem.protocol.sip.message.SipUri;
import io.tandem.protocol.sip.message.Via;
import io.tandem.protocol.sip.reliable.ReliableReceipt.Duty;
import io.tandem.protocol.sip.sim.VirtualLoop;
import io.tandem.protocol.sip.transaction.fsm.SipTimers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** RFC 3262, both sides, with time in the test's hand. */
class ReliableProvisionalsTest {
  private static final SipRequest INVITE =
      SipRequest.builder("INVITE", SipUri.of("sip:b@192.0.2.2"))
          .via(Via.ours("UDP", "192.0.2.1", 5060, "z9hG4bKx"))
          .from(NameAddress.of(SipUri.of("sip:a@192.0.2.1")).withTag("a"))
          .to(NameAddress.of(SipUri.of("sip:b@192.0.2.2")))
          .callId("c")
          .cseq(7)
          .build();

  private final VirtualLoop loop = new VirtualLoop();
  private final List<String> sent = new ArrayList<>();
  private final ReliableProvisionals called =
      new ReliableProvisionals(
          loop,
          SipTimers.RFC_3261,
          100,
          response ->
              sent.add(loop.nowMs() + " " + response.status() + " " + response.header("RSeq")),
          () -> sent.add(loop.nowMs() + " given up"));

  /** Section 3: T1, doubled each time without the ceiling of T2, for 64 T1. */
  @Test
  void it_is_repeated_at_doubling_intervals_and_given_up_after_64_t1() {
    called.send(ringing());
    loop.advanceMs(100_000);
    assertThat(sent)
        .containsExactly(
            "0 180 100",
            "500 180 100",
            "1500 180 100",
            "3500 180 100",
            "7500 180 100",
            "15500 180 100",
            "31500 180 100",
            "32000 given up");
  }

  @Test
  void its_prack_stops_it_and_any_other_does_not() {
    called.send(ringing());
    assertThat(called.acknowledged(new RAck(99, 7, "INVITE"))).isFalse();
    assertThat(called.acknowledged(new RAck(100, 8, "INVITE"))).isFalse();
    assertThat(called.acknowledged(new RAck(100, 7, "UPDATE"))).isFalse();
    assertThat(called.acknowledged(new RAck(100, 7, "INVITE"))).isTrue();
    assertThat(called.acknowledged(new RAck(100, 7, "INVITE"))).isFalse();
    loop.advanceMs(100_000);
    assertThat(sent).containsExactly("0 180 100");
  }

  /** Section 3: no second one before the first is acknowledged. */
  @Test
  void the_next_one_waits_for_the_prack_of_the_one_before() {
    called.send(ringing());
    called.send(describing());
    loop.advanceMs(200);
    assertThat(sent).containsExactly("0 180 100");
    assertThat(called.acknowledged(new RAck(100, 7, "INVITE"))).isTrue();
    assertThat(sent).containsExactly("0 180 100", "200 183 101");
  }

  /** Section 3: no 2xx while a description waits; without one it does not matter. */
  @Test
  void the_answer_waits_for_the_prack_of_a_description_only() {
    called.send(describing());
    called.beforeSuccess(() -> sent.add("200"));
    assertThat(sent).containsExactly("0 183 100");
    called.acknowledged(new RAck(100, 7, "INVITE"));
    assertThat(sent).containsExactly("0 183 100", "200");

    sent.clear();
    ReliableProvisionals plain =
        new ReliableProvisionals(
            loop, SipTimers.RFC_3261, 1, response -> {}, () -> sent.add("given up"));
    plain.send(ringing());
    plain.beforeSuccess(() -> sent.add("200"));
    loop.advanceMs(100_000);
    assertThat(sent).containsExactly("200");
  }

  @Test
  void nothing_is_sent_after_the_final_response() {
    called.send(ringing());
    called.close();
    called.send(describing());
    loop.advanceMs(100_000);
    assertThat(sent).containsExactly("0 180 100");
  }

  /** Section 4: in order, each once; the first may have any number. */
  @Test
  void a_caller_takes_them_in_order_and_each_once() {
    ReliableReceipt none = ReliableReceipt.NONE;
    assertThat(none.on(ringing()).duty()).isEqualTo(Duty.TAKE);
    ReliableReceipt first = take(none, numbered("776655"), Duty.ACKNOWLEDGE);
    assertThat(first.on(numbered("776655")).duty()).isEqualTo(Duty.IGNORE);
    assertThat(first.on(numbered("776657")).duty()).isEqualTo(Duty.IGNORE);
    ReliableReceipt second = take(first, numbered("776656"), Duty.ACKNOWLEDGE);
    take(second, numbered("776657"), Duty.ACKNOWLEDGE);
    assertThat(second.on(ringing()).duty()).isEqualTo(Duty.TAKE);
    assertThat(none.on(numbered("0")).duty()).isEqualTo(Duty.TAKE);
    assertThat(none.on(numbered("2147483648")).duty()).isEqualTo(Duty.TAKE);
  }

  private static ReliableReceipt take(ReliableReceipt from, SipResponse response, Duty duty) {
    ReliableReceipt.Taken taken = from.on(response);
    assertThat(taken.duty()).isEqualTo(duty);
    return taken.next();
  }

  @Test
  void a_prack_names_what_it_acknowledges() {
    RAck ack = RAck.to(numbered("776656"));
    assertThat(ack.value()).isEqualTo("776656 7 INVITE");
    assertThat(RAck.of(INVITE.with("RAck", ack.value()))).contains(ack);
  }

  @ParameterizedTest
  @CsvSource({"1 2", "x 2 INVITE", "1 x INVITE", "1 2 INVITE more", "99999999999 2 INVITE", "''"})
  void a_prack_that_names_nothing_is_empty(String value) {
    assertThat(RAck.of(INVITE.with("RAck", value))).isEmpty();
  }

  private static SipResponse ringing() {
    return SipResponse.to(INVITE, 180, "b");
  }

  private static SipResponse numbered(String rseq) {
    return ringing().with("Require", "100rel").with("RSeq", rseq);
  }

  private static SipResponse describing() {
    return SipResponse.to(INVITE, 183, "b")
        .withBody("application/sdp", "v=0".getBytes(StandardCharsets.UTF_8));
  }
}
