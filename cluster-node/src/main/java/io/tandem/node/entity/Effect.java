package io.tandem.node.entity;

import io.tandem.persistence.call.EdgeRef;

/**
 * What an entity wants done elsewhere, as data. Effects are never stored: {@link Rules#resume}
 * derives all that is outstanding from the state (ADR 0002). The host sends each after the write it
 * follows from, again until it is acknowledged, and again after recovery.
 */
public sealed interface Effect {

  /**
   * Derived from the cause and unique in the entity, for example {@code call_01J…/o1/hold}; it is
   * the command id at the receiver.
   */
  String id();

  /**
   * A command to another entity; its reply acknowledges it or becomes a command here ({@link
   * Rules#answered}).
   */
  record Ask(String id, EntityKey target, Command command) implements Effect {}

  /** A signal to the edge that carries a call; taken on is acknowledged. */
  record Signal(String id, EdgeRef edge, EdgeSignal signal) implements Effect {}
}
