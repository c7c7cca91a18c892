package io.tandem.protocol.sip.auth;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Server nonces that need no memory: {@code base64url(issuedAt 8 bytes, random 8 bytes, HMAC-SHA256
 * of both and the realm cut to 16 bytes)}. Every node that shares the secret accepts the nonces of
 * the others. Not thread-safe: it belongs to one signalling loop.
 */
public final class NonceMint {

  private static final int SECRET_BYTES_MIN = 16;
  private static final int BODY_BYTES = 16;
  private static final int MAC_BYTES = 16;
  private static final String MAC_NAME = "HmacSHA256";
  private static final int DRAWN_BYTES = 1_024;

  private final Mac mac; // keyed once; each use leaves it as it was
  private final byte[] realm;
  private final long lifetimeMs;
  private final SecureRandom random;
  private final ByteBuffer drawn = ByteBuffer.allocate(DRAWN_BYTES).position(DRAWN_BYTES);

  /** What a nonce is worth. */
  public enum Worth {
    /** Ours and young enough. */
    GOOD,
    /** Ours but too old: challenge again with stale=true. */
    STALE,
    /** Not made with our secret for this realm, or from the future. */
    FORGED
  }

  /**
   * @param secret at least 16 bytes, shared by the nodes of a cluster
   * @param lifetimeMs how long a nonce may be used
   */
  public NonceMint(byte[] secret, String realm, long lifetimeMs, SecureRandom random) {
    if (secret.length < SECRET_BYTES_MIN) {
      throw new IllegalArgumentException(
          "a nonce secret has at least " + SECRET_BYTES_MIN + " bytes, found " + secret.length);
    }
    this.mac = keyed(new SecretKeySpec(secret, MAC_NAME));
    this.realm = realm.getBytes(StandardCharsets.UTF_8);
    this.lifetimeMs = lifetimeMs;
    this.random = random;
  }

  /** How long a nonce may be used, in milliseconds. */
  public long lifetimeMs() {
    return lifetimeMs;
  }

  /** A new nonce, issued at {@code nowMs} (wall clock: other nodes read it). */
  public String mint(long nowMs) {
    byte[] body = ByteBuffer.allocate(BODY_BYTES).putLong(nowMs).putLong(randomLong()).array();
    byte[] nonce = Arrays.copyOf(body, BODY_BYTES + MAC_BYTES);
    System.arraycopy(mac(body), 0, nonce, BODY_BYTES, MAC_BYTES);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(nonce);
  }

  /**
   * What a nonce that came back is worth at {@code nowMs}; clocks of nodes may differ by one
   * lifetime at most.
   */
  public Worth worth(String nonce, long nowMs) {
    byte[] bytes = decode(nonce);
    if (bytes.length != BODY_BYTES + MAC_BYTES) {
      return Worth.FORGED;
    }
    byte[] body = Arrays.copyOf(bytes, BODY_BYTES);
    byte[] sealed = Arrays.copyOfRange(bytes, BODY_BYTES, bytes.length);
    if (!MessageDigest.isEqual(Arrays.copyOf(mac(body), MAC_BYTES), sealed)) {
      return Worth.FORGED;
    }
    long ageMs = nowMs - ByteBuffer.wrap(body).getLong();
    return ageMs < -lifetimeMs ? Worth.FORGED : ageMs > lifetimeMs ? Worth.STALE : Worth.GOOD;
  }

  /**
   * When a nonce of ours was issued, in milliseconds of the wall clock. Ask only for nonces that
   * are ours.
   */
  long issuedAtMs(String nonce) {
    return ByteBuffer.wrap(decode(nonce)).getLong();
  }

  /** Drawn in bulk: a call of the secure random for each would cost more than the rest. */
  private long randomLong() {
    if (!drawn.hasRemaining()) {
      random.nextBytes(drawn.array());
      drawn.clear();
    }
    return drawn.getLong();
  }

  private byte[] mac(byte[] body) {
    mac.update(body);
    return mac.doFinal(realm);
  }

  private static Mac keyed(SecretKeySpec key) {
    try {
      Mac mac = Mac.getInstance(MAC_NAME);
      mac.init(key);
      return mac;
    } catch (GeneralSecurityException absent) {
      throw new IllegalStateException("the JDK has no " + MAC_NAME, absent);
    }
  }

  private static byte[] decode(String nonce) {
    try {
      return Base64.getUrlDecoder().decode(nonce);
    } catch (IllegalArgumentException notBase64) {
      return new byte[0]; // of no length that a nonce has
    }
  }
}
