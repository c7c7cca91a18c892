package io.tandem.protocol.sip.transaction.fsm;

/**
 * Where a transaction stands.
 *
 * @param phase the state of the RFC's figure
 * @param retransmitMs the interval of the retransmission timer that runs (A, E or G), 0 when none
 *     does
 */
public record State(Phase phase, long retransmitMs) {

  static final State PROCEEDING = new State(Phase.PROCEEDING, 0);
  static final State COMPLETED = new State(Phase.COMPLETED, 0);
  static final State CONFIRMED = new State(Phase.CONFIRMED, 0);
  static final State ACCEPTED = new State(Phase.ACCEPTED, 0);
  static final State TERMINATED = new State(Phase.TERMINATED, 0);

  /** Whether nothing can happen any more. */
  public boolean ended() {
    return phase == Phase.TERMINATED;
  }
}
