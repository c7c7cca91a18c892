package io.tandem.protocol.media.dtls;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;

/**
 * The hash of a certificate as {@code a=fingerprint} writes it (RFC 8122 5). MD5 and SHA-1 are
 * refused: a second certificate of the same hash must be out of reach.
 *
 * @param hash sha-256, sha-384 or sha-512
 * @param hex upper-case octets with colons between
 */
public record DtlsFingerprint(String hash, String hex) {
  private static final HexFormat COLONS = HexFormat.ofDelimiter(":").withUpperCase();

  /** Reads the value of the attribute; empty when it is malformed or of a weak hash. */
  public static Optional<DtlsFingerprint> parse(String value) {
    String[] words = value.strip().split(" +", -1);
    if (words.length != 2) {
      return Optional.empty();
    }
    String hash = words[0].toLowerCase(Locale.ROOT);
    int octets =
        switch (hash) {
          case "sha-256" -> 32;
          case "sha-384" -> 48;
          case "sha-512" -> 64;
          default -> -1;
        };
    if (words[1].length() != 3 * octets - 1) {
      return Optional.empty();
    }
    try {
      return Optional.of(new DtlsFingerprint(hash, COLONS.formatHex(COLONS.parseHex(words[1]))));
    } catch (IllegalArgumentException notHex) {
      return Optional.empty();
    }
  }

  /** The SHA-256 fingerprint of an encoded certificate. */
  public static DtlsFingerprint sha256(byte[] certificate) {
    return new DtlsFingerprint("sha-256", COLONS.formatHex(digest("sha-256", certificate)));
  }

  /** Whether this is the fingerprint of an encoded certificate. */
  public boolean isOf(byte[] certificate) {
    return MessageDigest.isEqual(COLONS.parseHex(hex), digest(hash, certificate));
  }

  /** The value of the attribute. */
  public String value() {
    return hash + ' ' + hex;
  }

  private static byte[] digest(String hash, byte[] octets) {
    try {
      return MessageDigest.getInstance(hash.toUpperCase(Locale.ROOT)).digest(octets);
    } catch (NoSuchAlgorithmException absent) {
      throw new IllegalStateException("the JDK has no " + hash, absent);
    }
  }
}
