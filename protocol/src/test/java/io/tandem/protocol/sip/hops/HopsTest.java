package io.tandem.protocol.sip.hops;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.protocol.sip.message.NameAddress;
import io.tandem.protocol.sip.message.SipRequest;
import io.tandem.protocol.sip.message.SipUri;
import io.tandem.protocol.sip.message.Via;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HopsTest {
  private static final Set<String> OURS = Set.of("192.0.2.9:5060", "[2001:db8::9]:5060");

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "70, -, -",
        "1,  -, -",
        "0,  -, 483",
        "-,  -, -",
        "70, 1, -",
        "70, 0, 440",
        "70, x, -",
        "0,  0, 483"
      })
  void hops_and_breadth_that_are_used_up_are_refused(
      @Nullable String hops, @Nullable String breadth, @Nullable Integer status) {
    SipRequest plain = request("192.0.2.1", 5060);
    SipRequest hopping = hops == null ? plain : plain.with("Max-Forwards", hops);
    SipRequest bounded = breadth == null ? hopping : hopping.with("Max-Breadth", breadth);
    assertThat(Hops.refusal(bounded, OURS).orElse(null)).isEqualTo(status);
  }

  @Test
  void what_we_sent_before_has_come_round() {
    SipRequest again =
        request("192.0.2.9", 5060).pushingVia(Via.ours("UDP", "192.0.2.7", 5060, "z9hG4bKp"));
    assertThat(Hops.refusal(again, OURS)).contains(482);
    assertThat(Hops.refusal(request("192.0.2.9", 5070), OURS)).isEmpty();
  }

  /** RFC 5393 5.3.3.1: the sum of what is open at once is what came in. */
  @Test
  void breadth_is_shared_and_never_grows() {
    for (int breadth = 1; breadth <= 60; breadth++) {
      for (int branches = 1; branches <= 12; branches++) {
        int known = breadth;
        int all = branches;
        assertThat(IntStream.range(0, branches).map(i -> Hops.share(known, all, i)).sum())
            .isEqualTo(breadth);
      }
    }
    assertThat(Hops.share(2, 3, 2)).isZero();
    assertThat(Hops.breadth(request("192.0.2.1", 5060))).isEqualTo(60);
    assertThat(Hops.left(request("192.0.2.1", 5060).with("Max-Forwards", "17"))).isEqualTo(16);
  }

  @Test
  void the_same_two_numbers_again_and_again_are_a_loop() {
    Recurrence watch = new Recurrence(2);
    watch.began("a>b");
    assertThat(watch.isLoop("a>b")).isFalse();
    watch.began("a>b");
    watch.began("a>c");
    assertThat(watch.isLoop("a>b")).isTrue();
    assertThat(watch.isLoop("a>c")).isFalse();
    watch.ended("a>b");
    assertThat(watch.isLoop("a>b")).isFalse();
    watch.ended("a>b");
    watch.ended("a>c");
    assertThat(watch.pairs()).isZero();
  }

  private static SipRequest request(String host, int port) {
    return SipRequest.builder("INVITE", SipUri.of("sip:b@192.0.2.9"))
        .via(Via.ours("UDP", host, port, "z9hG4bKx"))
        .from(NameAddress.of(SipUri.of("sip:a@192.0.2.1")).withTag("a"))
        .to(NameAddress.of(SipUri.of("sip:b@192.0.2.9")))
        .callId("c")
        .cseq(1)
        .build();
  }
}
