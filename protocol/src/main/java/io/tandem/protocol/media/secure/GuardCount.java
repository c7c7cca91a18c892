package io.tandem.protocol.media.secure;

/** What a guard counts beside the packets that pass; none of it ends a call. */
public enum GuardCount {
  /** Packets that were not authentic. */
  NOT_AUTHENTIC,
  /** Packets that had passed before, or came too late to tell. */
  REPLAYED,
  /** Packets refused for any other reason of {@code SrtpRefusal}. */
  REFUSED,
  /** Packets, either way, before there were keys. */
  NOT_KEYED,
  /** Packets that were not sent because the peer's consent had lapsed (RFC 7675). */
  NO_CONSENT,
  /** STUN checks that were answered, with success or not. */
  CHECKS,
  /** DTLS datagrams from a source that ICE has not proven, or without a party to expect. */
  UNPROVEN_DTLS,
  /** Handshakes that came to keys. */
  HANDSHAKES,
  /** Handshakes that did not. */
  FAILED_HANDSHAKES,
  /** Datagrams that are nothing we know (RFC 7983). */
  GARBAGE
}
