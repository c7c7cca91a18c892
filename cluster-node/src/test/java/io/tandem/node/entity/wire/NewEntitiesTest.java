package io.tandem.node.entity.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Whether a history need not be asked for. */
class NewEntitiesTest {
  private static final String CALL = "call|call_1";
  private final AtomicLong nanos = new AtomicLong(-5);
  private final NewEntities entities = new NewEntities(nanos::get);

  @Test
  void what_was_said_is_good_once() {
    entities.say(CALL, 3);

    assertThat(entities.take("call|call_2")).isFalse();
    assertThat(entities.take(CALL)).isTrue();
    assertThat(entities.take(CALL)).isFalse();

    entities.say(CALL, 5); // again: it has a history by now
    assertThat(entities.take(CALL)).isFalse();
  }

  @Test
  void what_was_said_is_good_for_a_moment_and_of_young_ids_only() {
    entities.say(CALL, 0);
    nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(200));
    assertThat(entities.take(CALL)).isFalse();

    entities.say("call|old", 200);
    entities.say("call|of_another_clock", -1);
    assertThat(entities.take("call|old")).isFalse();
    assertThat(entities.take("call|of_another_clock")).isFalse();
  }

  @Test
  void nothing_is_remembered_for_ever() {
    entities.say(CALL, 0);
    nanos.addAndGet(TimeUnit.SECONDS.toNanos(11));
    entities.say("call|call_2", 0);
    entities.say(CALL, 0);

    assertThat(entities.take(CALL)).isTrue();
  }
}
