package io.tandem.persistence.journal;

/**
 * What an entity is after its events so far; an immutable record.
 *
 * @param <S> the state itself
 * @param <E> the sealed event type it folds
 */
public interface DomainState<S extends DomainState<S, E>, E extends DomainEvent> {

  /**
   * The state after one more event. Total: it takes every event in every phase and never throws;
   * whatever could overflow or contradict was refused before the event was written.
   */
  S apply(E event);
}
