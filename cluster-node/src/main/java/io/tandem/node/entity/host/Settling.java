package io.tandem.node.entity.host;

import io.tandem.node.entity.EntityKey;

/** Where a host says that an entity need not be woken any more for what its last event left due. */
public interface Settling {

  /**
   * Nothing is outstanding in this entity.
   *
   * @param sequence the event up to which this holds: a later one may make it due again
   */
  void settled(EntityKey entity, long sequence);
}
