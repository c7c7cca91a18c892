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
 * Server nonces that need no memory: {@code base64url(issuedAt 8 bytes, maker 4 bytes, random 8
 * bytes, HMAC-SHA256 of these and the realm cut to 16 bytes)}. Every node that shares the secret
 * knows the nonces of the others for what they are, and takes none of them: which counts of a nonce
 * were used is known where it was made, and only until that node ends. Not thread-safe: it belongs
 * to one signalling loop.
 */
public final class NonceMint {

  private static final int SECRET_BYTES_MIN = 16;
  private static final int BODY_BYTES = 20;
  private static final int MAC_BYTES = 16;
  private static final String MAC_NAME = "HmacSHA256";
  private static final int DRAWN_BYTES = 1_024;

  private final Mac mac; // keyed once; each use leaves it as it was
  private final byte[] realm;
  private final int maker;
  private final long lifetimeMs;
  private final SecureRandom random;
  private final ByteBuffer drawn = ByteBuffer.allocate(DRAWN_BYTES).position(DRAWN_BYTES);

  /** What a nonce is worth. */
  public enum Worth {
    /** Ours and young enough. */
    GOOD,
    /** Ours but too old: challenge again with stale=true. */
    STALE,
    /** Of another node with our secret, or of this one before it started: likewise. */
    ELSEWHERE,
    /** Not made with our secret for this realm, or from the future. */
    FORGED
  }

  /**
   * @param secret at least 16 bytes, shared by the nodes of a cluster
   * @param maker who remembers which counts of its nonces were used: a node in this life of it
   * @param lifetimeMs how long a nonce may be used
   */
  public NonceMint(
      byte[] secret, String realm, String maker, long lifetimeMs, SecureRandom random) {
    if (secret.length < SECRET_BYTES_MIN) {
      throw new IllegalArgumentException(
          "a nonce secret has at least " + SECRET_BYTES_MIN + " bytes, found " + secret.length);
    }
    this.mac = keyed(new SecretKeySpec(secret, MAC_NAME));
    this.realm = realm.getBytes(StandardCharsets.UTF_8);
    this.maker = ByteBuffer.wrap(mac.doFinal(maker.getBytes(StandardCharsets.UTF_8))).getInt();
    this.lifetimeMs = lifetimeMs;
    this.random = random;
  }

  /** How long a nonce may be used, in milliseconds. */
  public long lifetimeMs() {
    return lifetimeMs;
  }

  /** A new nonce, issued at {@code nowMs} (wall clock: other nodes read it). */
  public String mint(long nowMs) {
    byte[] nonce = new byte[BODY_BYTES + MAC_BYTES];
    ByteBuffer.wrap(nonce).putLong(nowMs).putInt(maker).putLong(randomLong());
    System.arraycopy(mac(nonce), 0, nonce, BODY_BYTES, MAC_BYTES);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(nonce);
  }

  /**
   * A nonce that came back.
   *
   * @param issuedAtMs by the wall clock; nothing where it is forged
   * @param serial what tells it from others of its maker; nothing where it is forged
   */
  record Seen(Worth worth, long issuedAtMs, long serial) {
    private static final Seen FORGED = new Seen(Worth.FORGED, 0, 0);
  }

  /**
   * What a nonce that came back is worth at {@code nowMs}; clocks of nodes may differ by one
   * lifetime at most.
   */
  public Worth worth(String nonce, long nowMs) {
    return seen(nonce, nowMs).worth();
  }

  Seen seen(String nonce, long nowMs) {
    byte[] bytes = decode(nonce);
    if (bytes.length != BODY_BYTES + MAC_BYTES) {
      return Seen.FORGED;
    }
    byte[] sealed = Arrays.copyOfRange(bytes, BODY_BYTES, bytes.length);
    if (!MessageDigest.isEqual(Arrays.copyOf(mac(bytes), MAC_BYTES), sealed)) {
      return Seen.FORGED;
    }
    ByteBuffer body = ByteBuffer.wrap(bytes);
    long issuedAtMs = body.getLong();
    Worth own = body.getInt() == maker ? Worth.GOOD : Worth.ELSEWHERE;
    long ageMs = nowMs - issuedAtMs;
    return ageMs < -lifetimeMs
        ? Seen.FORGED
        : new Seen(ageMs > lifetimeMs ? Worth.STALE : own, issuedAtMs, body.getLong());
  }

  /** Drawn in bulk: a call of the secure random for each would cost more than the rest. */
  private long randomLong() {
    if (!drawn.hasRemaining()) {
      random.nextBytes(drawn.array());
      drawn.clear();
    }
    return drawn.getLong();
  }

  /** Over the first octets of a nonce and the realm. */
  private byte[] mac(byte[] nonce) {
    mac.update(nonce, 0, BODY_BYTES);
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
