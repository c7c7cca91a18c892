package io.tandem.node.entity;

import io.tandem.persistence.journal.DomainEvent;
import io.tandem.persistence.journal.DomainState;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A noun that does nothing by itself: no effects, no deadlines. What is left is {@code decide} and
 * what is remembered.
 */
public interface QuietRules<
        C extends Command, R extends Reply, E extends DomainEvent, S extends DomainState<S, E>>
    extends Rules<C, R, E, S> {

  @Override
  default List<Effect> resume(S state, Acks acks, Instant now) {
    return List.of();
  }

  @Override
  default Optional<C> answered(S state, Effect.Ask effect, Reply reply) {
    return Optional.empty();
  }

  @Override
  default @Nullable Instant deadline(S state) {
    return null;
  }

  @Override
  default boolean finished(S state) {
    return false;
  }
}
