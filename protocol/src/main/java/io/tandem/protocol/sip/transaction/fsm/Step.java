package io.tandem.protocol.sip.transaction.fsm;

import java.util.List;

/**
 * The answer of a machine: where the transaction stands now, and what is to be done, in order.
 *
 * @param outputs may be empty, when the input means nothing in that state
 */
public record Step(State state, List<Output> outputs) {

  static Step to(State state, Output... outputs) {
    return new Step(state, List.of(outputs));
  }

  /** The input changes nothing and asks for nothing. */
  static Step ignored(State state) {
    return new Step(state, List.of());
  }
}
