package io.tandem.persistence.journal;

import io.tandem.persistence.journal.JournalException.Fault;
import java.util.Optional;
import java.util.function.Function;

/**
 * What it takes to fold one noun's events: its name, the family of its events, and where it starts.
 *
 * @param type the entity type in every envelope, such as {@code wallet}
 * @param events the sealed family of its events
 * @param initial the state of an entity of that id before its first event
 */
public record EntityKind<S extends DomainState<S, E>, E extends DomainEvent>(
    String type, Class<E> events, Function<String, S> initial) {

  /**
   * The state after one more stored event, or what is read in its place.
   *
   * @throws JournalException as {@link EventCodec#decode(WireName, byte[], Class)} does; UNREADABLE
   *     also where the state cannot take the event, which is a fault of this build
   */
  public S fold(S state, Envelope envelope, EventCodec codec) {
    if (!envelope.entityType().equals(type)) {
      throw new JournalException(Fault.UNREADABLE, envelope + " is no event of a " + type);
    }
    Optional<E> event = codec.read(envelope, events);
    try {
      return event.isEmpty() ? state : state.apply(event.get());
    } catch (RuntimeException e) {
      codec.lookAgain();
      throw new JournalException(Fault.UNREADABLE, envelope + " cannot be folded", e);
    }
  }
}
