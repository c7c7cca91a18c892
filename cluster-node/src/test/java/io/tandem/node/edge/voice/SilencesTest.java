package io.tandem.node.edge.voice;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.persistence.call.MediaFacts;
import io.tandem.protocol.media.relay.Hearing;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The longest silences, look by look. */
class SilencesTest {
  private static Hearing.OfSide side(long withoutMedia, long withoutSpeech) {
    return new Hearing.OfSide(
        Duration.ofMillis(withoutMedia),
        withoutSpeech < 0 ? Optional.empty() : Optional.of(Duration.ofMillis(withoutSpeech)),
        0);
  }

  @Test
  void the_longest_stretch_of_an_agent_without_speech_is_kept_when_it_speaks_again() {
    Silences silences =
        Silences.NONE
            .with(new Hearing(side(10, 500), side(10, 4_000)), 4_000)
            .with(new Hearing(side(10, 500), side(10, 12_100)), 12_200)
            .with(new Hearing(side(10, 500), side(10, 200)), 13_200);
    assertThat(silences.deadAirMillis()).isEqualTo(12_100);
    assertThat(silences.agent().speechMillis()).isEqualTo(12_100);
    assertThat(silences.caller().speechMillis()).isEqualTo(500);
    assertThat(silences.oneWayMillis()).isZero();
  }

  @Test
  void an_agent_without_packets_is_dead_air_and_one_way_audio_whatever_its_codec() {
    Silences silences = Silences.NONE.with(new Hearing(side(20, -1), side(13_000, -1)), 20_000);
    assertThat(silences.deadAirMillis()).isEqualTo(13_000);
    assertThat(silences.oneWayMillis()).isEqualTo(13_000);
    assertThat(silences.agent().speechMillis()).isEqualTo(MediaFacts.UNKNOWN);
  }

  @Test
  void a_silence_that_nobody_could_hear_or_after_the_timer_is_not_the_agents() {
    Hearing silent = new Hearing(side(10, 500), side(15_000, 15_000));
    assertThat(Silences.NONE.with(silent, 0).deadAirMillis()).isZero();
    assertThat(Silences.NONE.with(silent, 2_000).deadAirMillis()).isEqualTo(2_000);
    assertThat(Silences.NONE.with(silent, 0).agent().mediaMillis()).isEqualTo(15_000);
  }

  @Test
  void where_both_are_gone_nothing_is_one_way() {
    Hearing gone = new Hearing(side(5_000, 5_000), side(5_000, 5_000));
    assertThat(Silences.NONE.with(gone, 5_000).oneWayMillis()).isZero();
  }
}
