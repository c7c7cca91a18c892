package io.tandem.node.entity.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.node.entity.host.CommandWindow.Age;
import io.tandem.node.entity.tally.Tally;
import io.tandem.node.entity.tally.TallyCommand;
import io.tandem.persistence.journal.CommandDigest;
import io.tandem.persistence.journal.TimedId;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** Which command ids are known again. */
class CommandWindowTest {

  private static final Instant START = Instant.parse("2026-11-22T10:00:00Z");
  private static final Duration DAY = Duration.ofHours(24);
  private static final CommandDigest DIGEST =
      new CommandDigest.Of(Tally.TYPE.types()).digest(new TallyCommand.Label("blue", "nice"));

  @Test
  void an_id_is_in_time_for_a_day_and_not_a_millisecond_longer() {
    String id = TimedId.at("cmd", START);
    assertThat(CommandWindow.age(id, START.plus(DAY), DAY)).isEqualTo(Age.IN_TIME);
    assertThat(CommandWindow.age(id, START.plus(DAY).plusMillis(1), DAY))
        .isEqualTo(Age.OUT_OF_TIME);
    assertThat(CommandWindow.age(id, START.minus(DAY).minusMillis(1), DAY))
        .isEqualTo(Age.OUT_OF_TIME);
    assertThat(CommandWindow.age("mine", START, DAY)).isEqualTo(Age.TIMELESS);
  }

  @Test
  void an_id_is_forgotten_only_when_it_would_be_refused_anyway() {
    String first = TimedId.at("cmd", START);
    CommandWindow window = CommandWindow.EMPTY.with(first, DIGEST, START, DAY);
    Instant edge = START.plus(DAY);
    CommandWindow kept = window.with(TimedId.at("cmd", edge), DIGEST, edge, DAY);
    assertThat(kept.find(first)).contains(DIGEST);
    Instant past = edge.plusMillis(1);
    CommandWindow moved = kept.with(TimedId.at("cmd", past), DIGEST, past, DAY);
    assertThat(moved.find(first)).isEmpty();
    assertThat(moved.order()).hasSize(2);
  }

  @Test
  void a_snapshot_keeps_ids_digests_and_their_order() {
    String first = TimedId.at("cmd", START);
    String second = TimedId.at("cmd", START.plusSeconds(1));
    CommandWindow window =
        CommandWindow.EMPTY.with(first, DIGEST, START, DAY).with(second, DIGEST, START, DAY);
    CommandWindow[] restored = {CommandWindow.EMPTY};
    window.forEach(
        (id, digest) ->
            restored[0] = restored[0].restored(id, CommandDigest.from(digest.toBytes())));
    assertThat(restored[0]).isEqualTo(window);
  }
}
