package io.tandem.protocol.sip.transaction.fsm;

/** The states of the four figures (RFC 3261 figures 5 to 8, RFC 6026 figures 1 and 2). */
public enum Phase {
  CALLING,
  TRYING,
  PROCEEDING,
  COMPLETED,
  CONFIRMED,
  ACCEPTED,
  TERMINATED
}
