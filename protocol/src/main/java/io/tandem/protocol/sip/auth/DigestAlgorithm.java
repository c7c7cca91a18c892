package io.tandem.protocol.sip.auth;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;

/**
 * The hash of a digest (RFC 8760). The order of the constants is the order of preference, weakest
 * first.
 */
public enum DigestAlgorithm {
  MD5("MD5"),
  SHA_256("SHA-256");

  private final String token;

  /** One each: it is as new after every use. */
  private final ThreadLocal<MessageDigest> hashes = ThreadLocal.withInitial(this::made);

  DigestAlgorithm(String token) {
    this.token = token;
  }

  /** The name on the wire and in the JDK. */
  public String token() {
    return token;
  }

  /**
   * The algorithm a header names, in any case; empty for one that is not spoken here (-sess,
   * SHA-512-256).
   */
  public static Optional<DigestAlgorithm> of(String token) {
    for (DigestAlgorithm algorithm : values()) {
      if (algorithm.token.equalsIgnoreCase(token)) {
        return Optional.of(algorithm);
      }
    }
    return Optional.empty();
  }

  /** H(text) of RFC 7616 3.3: lower-case hex of the hash of the UTF-8 bytes. */
  String hash(String text) {
    return HexFormat.of().formatHex(hashes.get().digest(text.getBytes(StandardCharsets.UTF_8)));
  }

  private MessageDigest made() {
    try {
      return MessageDigest.getInstance(token);
    } catch (NoSuchAlgorithmException absent) {
      throw new IllegalStateException("the JDK has no " + token, absent);
    }
  }
}
