package io.tandem.protocol.sip.transaction;

import io.tandem.protocol.sip.message.Via;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.random.RandomGenerator;
import org.bouncycastle.crypto.macs.SipHash;
import org.bouncycastle.crypto.params.KeyParameter;
import org.jspecify.annotations.Nullable;

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
  private @Nullable SipHash mac;

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

  /**
   * A To tag for a stateless answer (RFC 3261 8.2.7): the same for the same request, and nobody can
   * tell it without having been told (SipHash-2-4 under a key of this object).
   */
  String tag(ServerTransactionId request) {
    SipHash keyed = mac;
    if (keyed == null) {
      keyed = new SipHash();
      keyed.init(new KeyParameter(next().getBytes(StandardCharsets.US_ASCII)));
      mac = keyed;
    }
    update(keyed, request.branch());
    update(keyed, request.sentBy());
    update(keyed, request.method());
    return HexFormat.of().toHexDigits(keyed.doFinal());
  }

  private static void update(SipHash keyed, String text) {
    for (int i = 0; i < text.length(); i++) {
      keyed.update((byte) text.charAt(i));
    }
    keyed.update((byte) 0);
  }

  /** A branch with the magic cookie. */
  public String branch() {
    return Via.MAGIC_COOKIE + next();
  }
}
