package io.tandem.node.entity.host;

import io.tandem.node.entity.EdgeSignal;
import io.tandem.persistence.call.EdgeRef;

/** The way from an entity to the edge that carries its legs, on whatever node that is. */
public interface EdgePort {

  /**
   * Sends a signal and does not wait. May be called again with the same effect id until {@code
   * taken} was run; the edge does nothing twice.
   *
   * @param taken run once the edge has taken the signal on; from any thread; never when it is lost
   */
  void send(EdgeRef edge, String effectId, EdgeSignal signal, Runnable taken);
}
