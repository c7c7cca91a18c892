package io.tandem.node.entity.host;

import io.tandem.node.entity.EntityKey;

/**
 * Is told of every state that a host of this node has stored, once it is durable: sooner than the
 * read models show it, and for entities of other nodes not at all.
 */
@FunctionalInterface
public interface Shown {

  /** Nobody wants to know. */
  Shown TO_NOBODY = (entity, sequence, state) -> {};

  /**
   * On the thread of the entity, which waits: must not block.
   *
   * @param sequence of the event that the state is after
   * @param state of the noun, immutable
   */
  void stored(EntityKey entity, long sequence, Object state);
}
