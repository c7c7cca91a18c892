package io.tandem.node.entity.host;

import io.tandem.node.entity.Effect;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * What is outstanding in one entity and when each is to be sent again (ADR 0002). Knows no clock
 * and sends nothing: it says what is to be sent now.
 */
final class Outbox {

  /** An effect that was sent {@code attempts} times. */
  private record Sent(Effect effect, int attempts, Instant again) {}

  private final Backoff backoff;
  private final RandomGenerator random;
  private Map<String, Sent> outstanding = Map.of();

  Outbox(Backoff backoff, RandomGenerator random) {
    this.backoff = backoff;
    this.random = random;
  }

  /** An effect to be sent now, for the {@code attempt}-th time. */
  record Due(Effect effect, int attempt) {}

  /**
   * Takes what is outstanding now: the new ones are to be sent; those that are no longer in the
   * list are forgotten.
   */
  List<Due> take(List<Effect> effects, Instant now) {
    if (effects.isEmpty()) {
      outstanding = Map.of();
      return List.of();
    }
    Map<String, Sent> next = new LinkedHashMap<>();
    List<Due> due = new ArrayList<>();
    for (Effect effect : effects) {
      Sent known = outstanding.get(effect.id());
      if (known == null) {
        due.add(new Due(effect, 1));
        next.put(effect.id(), sent(effect, 1, now));
      } else {
        next.put(effect.id(), new Sent(effect, known.attempts(), known.again()));
      }
    }
    outstanding = next;
    return due;
  }

  /** Those whose pause is over; the next one begins. */
  List<Due> again(Instant now) {
    List<Due> due = new ArrayList<>();
    for (Map.Entry<String, Sent> each : outstanding.entrySet()) {
      Sent known = each.getValue();
      if (!known.again().isAfter(now)) {
        int attempt = known.attempts() + 1;
        due.add(new Due(known.effect(), attempt));
        each.setValue(sent(known.effect(), attempt, now));
      }
    }
    return due;
  }

  /** When the next one is to be sent again; null where nothing is outstanding. */
  @Nullable Instant next() {
    Instant next = null;
    for (Sent each : outstanding.values()) {
      if (next == null || each.again().isBefore(next)) {
        next = each.again();
      }
    }
    return next;
  }

  /** The outstanding effect with this id. */
  Optional<Effect> find(String effectId) {
    return Optional.ofNullable(outstanding.get(effectId)).map(Sent::effect);
  }

  boolean isEmpty() {
    return outstanding.isEmpty();
  }

  private Sent sent(Effect effect, int attempt, Instant now) {
    return new Sent(effect, attempt, now.plus(backoff.pause(attempt, random)));
  }
}
