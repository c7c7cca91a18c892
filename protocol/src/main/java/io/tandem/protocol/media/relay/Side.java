package io.tandem.protocol.media.relay;

/** The two sides of a relayed call: A is who called, B is who was called. */
public enum Side {
  /** The caller's leg. */
  A,
  /** The called party's leg. */
  B;

  /** The other side. */
  public Side opposite() {
    return this == A ? B : A;
  }
}
