package io.tandem.protocol.sip.trunk;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.protocol.sip.trunk.NumberPlan.Style;
import io.tandem.protocol.sip.trunk.OutboundPlan.Attempt;
import io.tandem.protocol.sip.trunk.OutboundPlan.Route;
import io.tandem.protocol.sip.trunk.OutboundPlan.Trunk;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrunkMachinesTest {
  private static final long SECOND = 1_000_000_000L;
  private static final NumberPlan US = new NumberPlan(Style.NATIONAL, "1", "", "011", "");
  private static final NumberPlan GERMANY = new NumberPlan(Style.NATIONAL, "49", "0", "00", "88");

  @ParameterizedTest
  @CsvSource({
    "12125550123, +12125550123, 12125550123, 2125550123, 880012125550123",
    "493012345678, +493012345678, 493012345678, 011493012345678, 8803012345678"
  })
  void a_number_is_written_as_the_carrier_wants_it(
      String e164, String plus, String digits, String us, String germany) {
    assertThat(new NumberPlan(Style.PLUS, "", "", "", "").written(e164)).isEqualTo(plus);
    assertThat(new NumberPlan(Style.DIGITS, "", "", "", "").written(e164)).isEqualTo(digits);
    assertThat(US.written(e164)).isEqualTo(us);
    assertThat(GERMANY.written(e164)).isEqualTo(germany);
  }

  @ParameterizedTest
  @CsvSource({
    "+1-212-555-0123, 12125550123, 12125550123",
    "2125550123,      12125550123, 492125550123",
    "011493012345678, 493012345678, 4911493012345678",
    "03012345678, 103012345678, 493012345678",
    "0012125550123, 10012125550123, 12125550123",
    "+12125550123;phone-context=x, 12125550123, 12125550123",
    "anna,            , ",
    "911,             , "
  })
  void a_number_is_read_as_the_carrier_writes_it(String user, String us, String germany) {
    assertThat(US.read(user).orElse(null)).isEqualTo(us);
    assertThat(GERMANY.read(user).filter(n -> n.length() <= 15).orElse(null))
        .isEqualTo(germany != null && germany.length() > 15 ? null : germany);
  }

  @Test
  void one_failure_is_borne_and_two_bring_a_quarantine_that_grows() {
    TargetHealth health = TargetHealth.unknown(0);
    assertThat(health.isProbeDue(0)).isTrue();
    health = health.probed(0).failed(SECOND);
    assertThat(health.isUsable()).as("one failure").isTrue();
    assertThat(health.isProbeDue(3 * SECOND)).as("asked again soon").isTrue();
    long now = 3 * SECOND;
    for (long wait : new long[] {30, 60, 120, 240, 480, 480}) {
      health = health.failed(now);
      assertThat(health.isUsable()).isFalse();
      assertThat(health.isProbeDue(now + wait * SECOND - 1)).isFalse();
      assertThat(health.isProbeDue(now + wait * SECOND)).isTrue();
      now += wait * SECOND;
    }
    health = health.answered(now);
    assertThat(health.isUsable()).isTrue();
    assertThat(health.isProbeDue(now + TargetHealth.PROBE_NANOS - 1)).isFalse();
  }

  @Test
  void the_longest_prefix_goes_first_then_rank_and_quarantined_targets_are_left_out() {
    Trunk world = new Trunk("world", List.of(new Route("", 0)), List.of("w1"));
    Trunk cheap = new Trunk("cheap", List.of(new Route("1", 2), new Route("44", 0)), List.of("c1"));
    Trunk good =
        new Trunk("good", List.of(new Route("1", 1), new Route("1212", 9)), List.of("g1", "g2"));
    List<Trunk> all = List.of(world, cheap, good);
    assertThat(OutboundPlan.of("13105550123", all, (trunk, target) -> true))
        .containsExactly(
            new Attempt("good", "g1"),
            new Attempt("good", "g2"),
            new Attempt("cheap", "c1"),
            new Attempt("world", "w1"));
    assertThat(OutboundPlan.of("12125550123", all, (trunk, target) -> !target.equals("g1")))
        .containsExactly(
            new Attempt("good", "g2"), new Attempt("cheap", "c1"), new Attempt("world", "w1"));
    assertThat(OutboundPlan.of("442071838750", all, (trunk, target) -> true))
        .containsExactly(new Attempt("cheap", "c1"), new Attempt("world", "w1"));
    assertThat(OutboundPlan.of("442071838750", List.of(good), (trunk, target) -> true)).isEmpty();
  }

  @Test
  void a_failure_of_the_network_goes_on_and_a_word_of_the_called_party_does_not() {
    assertThat(List.of(408, 500, 503, 504, 599)).allMatch(OutboundPlan::mayFailOver);
    assertThat(List.of(404, 480, 486, 487, 600, 603)).noneMatch(OutboundPlan::mayFailOver);
  }

  private static final String SDP =
      """
      v=0\r
      o=- 1 1 IN IP4 192.0.2.1\r
      s=-\r
      c=IN IP4 192.0.2.1\r
      t=0 0\r
      m=audio 4000 RTP/AVP 111 9 0 8 101\r
      a=rtpmap:111 opus/48000/2\r
      a=fmtp:111 useinbandfec=1\r
      a=rtpmap:8 PCMA/8000\r
      a=rtpmap:101 telephone-event/8000\r
      a=fmtp:101 0-16\r
      a=ptime:20\r
      """;

  @Test
  void a_description_shows_the_codecs_of_the_trunk_alone_and_keys_always() {
    assertThat(CodecList.filter(SDP, List.of())).hasValue(SDP);
    assertThat(CodecList.filter(SDP, List.of("pcma", "G722")).orElseThrow())
        .contains("m=audio 4000 RTP/AVP 9 8 101\r\n")
        .contains("a=rtpmap:8 PCMA/8000", "a=fmtp:101 0-16", "a=ptime:20")
        .doesNotContain("opus", "useinbandfec");
    assertThat(CodecList.filter(SDP, List.of("G729"))).isEmpty();
  }
}
