package io.tandem.node.entity.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.node.entity.Effect;
import io.tandem.node.entity.tally.Tally;
import io.tandem.node.entity.tally.TallyCommand;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** What is sent when, without an actor. */
class OutboxTest {

  private static final Instant START = Instant.parse("2026-11-22T10:00:00Z");

  private final Outbox outbox =
      new Outbox(
          new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(30)), new SplittableRandom(7));

  private static Effect effect(String id) {
    return new Effect.Ask(id, Tally.key("other"), new TallyCommand.Read());
  }

  private static List<String> ids(List<Outbox.Due> due) {
    return due.stream().map(each -> each.effect().id()).toList();
  }

  @Test
  void a_new_effect_goes_out_at_once_and_one_that_is_known_does_not() {
    assertThat(ids(outbox.take(List.of(effect("a")), START))).containsExactly("a");
    assertThat(ids(outbox.take(List.of(effect("a"), effect("b")), START))).containsExactly("b");
  }

  @Test
  void it_goes_out_again_after_pauses_that_double_up_to_the_longest() {
    outbox.take(List.of(effect("a")), START);
    Instant now = START;
    for (long seconds : new long[] {1, 2, 4, 8, 16, 30, 30}) {
      Instant next = outbox.next();
      assertThat(next).isNotNull();
      Duration pause = Duration.between(now, next);
      assertThat(pause)
          .isBetween(Duration.ofMillis(seconds * 800), Duration.ofMillis(seconds * 1_000));
      assertThat(outbox.again(next.minusMillis(1))).isEmpty();
      assertThat(ids(outbox.again(next))).containsExactly("a");
      now = next;
    }
  }

  @Test
  void what_vanished_is_forgotten_and_new_when_it_comes_back() {
    outbox.take(List.of(effect("a"), effect("b")), START);
    assertThat(outbox.take(List.of(effect("b")), START)).isEmpty();
    assertThat(outbox.find("a")).isEmpty();
    assertThat(ids(outbox.take(List.of(effect("a")), START))).containsExactly("a");
    outbox.take(List.of(), START);
    assertThat(outbox.isEmpty()).isTrue();
    assertThat(outbox.next()).isNull();
  }
}
