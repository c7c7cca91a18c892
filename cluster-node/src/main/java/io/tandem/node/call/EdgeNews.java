package io.tandem.node.call;

import io.tandem.node.entity.EdgeSignal;
import io.tandem.persistence.call.EdgeRef;
import io.tandem.persistence.journal.Wire;
import java.util.List;

/**
 * What an edge tells all edges of the calls it carries. Nothing is decided by it and nothing is
 * kept: each replaces the one before, is told again every few seconds while there is something to
 * tell, and is forgotten when it is not.
 */
public sealed interface EdgeNews extends EdgeSignal {

  /**
   * In which calls of this edge somebody else than the agent that was offered them sits on the
   * agent's side, or is rung for it (TEL-11): all of them.
   */
  @Wire("call.edge.seats/1")
  record Seats(EdgeRef edge, List<Seat> seats) implements EdgeNews {
    public Seats {
      seats = List.copyOf(seats);
    }
  }

  /**
   * A phone in a call.
   *
   * @param talks whether it has taken the agent's place; else it is rung for it
   */
  record Seat(String callId, String endpoint, boolean talks) {}
}
