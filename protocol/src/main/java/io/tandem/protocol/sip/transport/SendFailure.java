package io.tandem.protocol.sip.transport;

/** Why a message did not leave (RFC 3261 section 18.4: to be told to the transaction). */
public enum SendFailure {
  /** No socket of this transport and address family is open here. */
  NO_SOCKET,
  /** The connection could not be made in time, or was refused. */
  NOT_CONNECTED,
  /** The connection of the flow is closed. */
  FLOW_GONE,
  /** The peer does not read fast enough, or too many connections are open. */
  CONGESTED,
  /** Longer than a datagram can be. */
  TOO_LONG,
  /** The operating system refused. */
  REFUSED
}
