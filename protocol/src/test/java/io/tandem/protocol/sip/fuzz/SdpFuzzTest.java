package io.tandem.protocol.sip.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.tandem.protocol.sip.sdp.MediaDescription;
import io.tandem.protocol.sip.sdp.Sdp;
import io.tandem.protocol.sip.sdp.SdpOutcome;
import io.tandem.protocol.sip.sdp.SdpParser;

/** Any bytes as a session description. */
class SdpFuzzTest {
  /** Where what was read goes, so that no reading is compiled away. */
  static volatile int read;

  private static final SdpParser PARSER = new SdpParser();

  @FuzzTest
  void a_good_description_is_stable_and_a_bad_one_a_value(byte[] body) {
    SlowInput.guard(() -> read(body));
  }

  private static void read(byte[] body) {
    switch (PARSER.parse(body)) {
      case SdpOutcome.Good(Sdp sdp) -> {
        int seen = sdp.origin().hashCode() + sdp.audioDirection().hashCode();
        seen += sdp.audioEndpoint().hashCode() + Boolean.hashCode(sdp.holds());
        for (MediaDescription medium : sdp.media()) {
          seen += sdp.connection(medium).hashCode() + sdp.direction(medium).hashCode();
        }
        read = seen;
        SdpOutcome again = PARSER.parse(sdp.bytes());
        assertThat(again).isInstanceOf(SdpOutcome.Good.class);
        assertThat(((SdpOutcome.Good) again).sdp().text()).isEqualTo(sdp.text());
      }
      case SdpOutcome.Bad(int line, String why) -> {
        assertThat(line).isNotNegative();
        assertThat(why).isNotBlank();
      }
    }
  }
}
