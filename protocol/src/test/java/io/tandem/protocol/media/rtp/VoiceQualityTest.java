package io.tandem.protocol.media.rtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VoiceQualityTest {
  /** ITU-T G.107 annex B, table B.1: the limits of the classes of satisfaction. */
  @ParameterizedTest
  @CsvSource({"90, 4.34", "80, 4.03", "70, 3.60", "60, 3.10", "50, 2.58"})
  void an_r_is_the_score_that_the_recommendation_gives_it(double r, double mos) {
    assertThat(VoiceQuality.mos(r)).isCloseTo(mos, within(0.01));
  }

  @Test
  void a_clean_line_scores_4_4_and_nothing_is_below_1() {
    assertThat(VoiceQuality.mosHundredths(1000, 0, 0, 0)).isBetween(438, 442);
    assertThat(VoiceQuality.mosHundredths(0, 1000, 500_000, 2_000_000)).isEqualTo(100);
  }

  @Test
  void loss_jitter_and_delay_each_make_it_worse() {
    int clean = VoiceQuality.mosHundredths(1000, 0, 1_000, 20_000);
    assertThat(VoiceQuality.mosHundredths(950, 50, 1_000, 20_000)).isLessThan(clean - 40);
    assertThat(VoiceQuality.mosHundredths(1000, 0, 80_000, 20_000)).isLessThan(clean);
    assertThat(VoiceQuality.mosHundredths(1000, 0, 1_000, 600_000)).isLessThan(clean - 40);
  }

  @Test
  void a_report_of_less_than_nothing_lost_is_nothing_lost() {
    assertThat(VoiceQuality.mosHundredths(1000, -5, 0, 0))
        .isEqualTo(VoiceQuality.mosHundredths(1000, 0, 0, 0));
  }
}
