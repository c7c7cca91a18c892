package io.tandem.protocol.sip.auth;

/** What a server thinks of an answer. */
public enum DigestVerdict {
  /** The user is who they say. */
  ACCEPTED,
  /** Right password, nonce too old or of another node: challenge with stale=true. */
  STALE,
  /** Right password, but this nonce count was seen before: challenge with stale=true. */
  REPLAYED,
  /** The nonce is not ours. */
  FORGED_NONCE,
  /** The answer is for another realm. */
  WRONG_REALM,
  /** The algorithm was not offered to this endpoint, or the user has no hash for it. */
  ALGORITHM_NOT_OFFERED,
  /** Wrong password or no such user: the wire must not tell which. */
  WRONG_CREDENTIALS;

  /**
   * Whether the next challenge says stale=true, so that the phone tries again without asking its
   * user.
   */
  public boolean stale() {
    return this == STALE || this == REPLAYED;
  }

  /** Whether it counts as an attempt to guess (ACC-8). */
  public boolean suspicious() {
    return this == WRONG_CREDENTIALS || this == FORGED_NONCE || this == REPLAYED;
  }
}
