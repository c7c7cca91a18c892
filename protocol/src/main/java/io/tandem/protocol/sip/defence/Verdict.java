package io.tandem.protocol.sip.defence;

/** What becomes of a message before anybody reads it. */
public enum Verdict {
  SERVE,
  /** A short 503, made of the request's own octets. */
  REFUSE,
  /** Nothing at all. */
  DROP
}
