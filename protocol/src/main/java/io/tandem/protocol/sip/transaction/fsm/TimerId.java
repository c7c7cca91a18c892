package io.tandem.protocol.sip.transaction.fsm;

/** The timers of RFC 3261 table 4 and RFC 6026, by letter. C belongs to proxies and is not here. */
public enum TimerId {
  /** INVITE client: retransmit the request. */
  A,
  /** INVITE client: give up waiting. */
  B,
  /** INVITE client: absorb retransmitted failures. */
  D,
  /** Non-INVITE client: retransmit the request. */
  E,
  /** Non-INVITE client: give up waiting. */
  F,
  /** INVITE server: retransmit the failure. */
  G,
  /** INVITE server: give up waiting for the ACK. */
  H,
  /** INVITE server: absorb retransmitted ACKs. */
  I,
  /** Non-INVITE server: absorb retransmitted requests. */
  J,
  /** Non-INVITE client: absorb retransmitted responses. */
  K,
  /** INVITE server, RFC 6026: absorb retransmitted INVITEs after a 2xx. */
  L,
  /** INVITE client, RFC 6026: wait for further 2xx. */
  M,
  /** INVITE server: the 200 ms after which a 100 is due (17.2.1 gives it no letter). */
  TRYING
}
