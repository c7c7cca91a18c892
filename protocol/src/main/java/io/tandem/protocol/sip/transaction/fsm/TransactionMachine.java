package io.tandem.protocol.sip.transaction.fsm;

/**
 * A transaction's rules. Implementations are immutable and total: an input that a state does not
 * know is ignored, as timers that were cancelled late and messages that were delayed must be.
 */
public sealed interface TransactionMachine
    permits InviteClientMachine,
        NonInviteClientMachine,
        InviteServerMachine,
        NonInviteServerMachine {

  /** The first step: a client has been given a request by the TU, a server has received one. */
  Step start();

  /** One step. Never throws. */
  Step step(State state, Input input);
}
