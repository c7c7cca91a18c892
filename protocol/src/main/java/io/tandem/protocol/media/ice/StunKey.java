package io.tandem.protocol.media.ice;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** What a message's integrity is proven with: a short-term password (RFC 8489 9.1.1). */
public final class StunKey {
  static final int SHA1_OCTETS = 20;
  static final int SHA256_OCTETS = 32;

  private final byte[] key;

  /**
   * @param password as the signalling carried it
   */
  public StunKey(String password) {
    this.key = password.getBytes(StandardCharsets.UTF_8);
  }

  /** A key that is no password, as long-term credentials make one (RFC 8489 9.2.2). */
  StunKey(byte[] key) {
    this.key = key.clone();
  }

  byte[] sha1(byte[] message) {
    return code("HmacSHA1", message);
  }

  byte[] sha256(byte[] message) {
    return code("HmacSHA256", message);
  }

  private byte[] code(String algorithm, byte[] message) {
    try {
      Mac mac = Mac.getInstance(algorithm);
      mac.init(new SecretKeySpec(key, algorithm));
      return mac.doFinal(message);
    } catch (GeneralSecurityException absent) {
      throw new IllegalStateException("the JDK has no " + algorithm, absent);
    }
  }

  @Override
  public String toString() {
    return "StunKey";
  }
}
