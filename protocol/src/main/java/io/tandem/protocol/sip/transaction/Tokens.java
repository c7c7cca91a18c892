package io.tandem.protocol.sip.transaction;

import io.tandem.protocol.sip.message.Via;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.random.RandomGenerator;

/**
 * Unguessable names for branches, tags and Call-IDs (RFC 3261 8.1.1.7, 19.3): 96 random bits each,
 * drawn in bulk so that a call costs no call of the secure random. Not thread-safe: one per loop.
 */
public final class Tokens {

  private static final int TOKEN_BYTES = 12;
  private static final int TOKENS_PER_DRAW = 256;

  private final RandomGenerator random;
  private final byte[] pool = new byte[TOKEN_BYTES * TOKENS_PER_DRAW];
  private final byte[] token = new byte[TOKEN_BYTES];
  private int at = pool.length;

  /** Names nobody can guess. */
  public Tokens() {
    this(new SecureRandom());
  }

  /**
   * @param random a seeded one makes a simulation repeatable
   */
  public Tokens(RandomGenerator random) {
    this.random = random;
  }

  /** Sixteen characters that need no quoting in any header. */
  public String next() {
    if (at == pool.length) {
      random.nextBytes(pool);
      at = 0;
    }
    System.arraycopy(pool, at, token, 0, TOKEN_BYTES);
    at += TOKEN_BYTES;
    return Base64.getUrlEncoder().encodeToString(token);
  }

  /** A branch with the magic cookie. */
  public String branch() {
    return Via.MAGIC_COOKIE + next();
  }
}
