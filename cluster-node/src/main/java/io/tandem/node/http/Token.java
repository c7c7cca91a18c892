package io.tandem.node.http;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An account's API token as its holder has it: {@code tdm_<account>_<token id>_<secret>} (ACC-4).
 * Kept is only the SHA-256 of the secret, which has 256 random bits, so that no slow hash is
 * needed.
 *
 * @param secret 64 hexadecimal digits
 */
public record Token(String accountId, String tokenId, String secret) {
  private static final Pattern FORM =
      Pattern.compile("tdm_(.{1,100})_(tok_[0-9A-HJKMNP-TV-Z]{26})_([0-9a-f]{64})");
  private static final int SECRET_BYTES = 32;

  /** One with a fresh secret. */
  public static Token fresh(String accountId, String tokenId) {
    byte[] random = new byte[SECRET_BYTES];
    new SecureRandom().nextBytes(random);
    return new Token(accountId, tokenId, HexFormat.of().formatHex(random));
  }

  /** Reads one; empty for a text that is none. */
  public static Optional<Token> read(String text) {
    Matcher parts = FORM.matcher(text);
    return parts.matches()
        ? Optional.of(new Token(parts.group(1), parts.group(2), parts.group(3)))
        : Optional.empty();
  }

  /** What its holder is given. */
  public String text() {
    return "tdm_" + accountId + "_" + tokenId + "_" + secret;
  }

  /** What is kept: SHA-256 of the secret, hexadecimal. */
  public String secretHash() {
    return HexFormat.of().formatHex(sha256(secret));
  }

  /** SHA-256 of a text. */
  static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** Masked. */
  @Override
  public String toString() {
    return "Token[" + accountId + ", " + tokenId + ", masked]";
  }
}
