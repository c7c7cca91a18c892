package io.tandem.persistence.proof;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.EdECPublicKey;
import java.security.spec.EdECPoint;
import java.security.spec.EdECPublicKeySpec;
import java.security.spec.NamedParameterSpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;

/**
 * The public half of a {@link SigningKey}, in the words of a signed note (c2sp.org/signed-note):
 * {@code name+keyhash+base64}, which tools that know transparency logs read as it is.
 */
public final class VerifyingKey {

  private static final byte ED25519 = 1;
  private static final int POINT_BYTES = 32;
  static final int ID_BYTES = 4;

  private final String name;
  private final byte[] point;
  private final byte[] id;
  private final PublicKey key;

  private VerifyingKey(String name, byte[] point) {
    if (name.isEmpty() || name.chars().anyMatch(c -> c <= ' ' || c == '+' || c > '~')) {
      throw new IllegalArgumentException("a log's name has no spaces and no +");
    }
    this.name = name;
    this.point = point;
    this.id =
        Arrays.copyOf(
            sha256((name + "\n").getBytes(StandardCharsets.UTF_8), new byte[] {ED25519}, point),
            ID_BYTES);
    byte[] bigEndian = new byte[POINT_BYTES];
    for (int i = 0; i < POINT_BYTES; i++) {
      bigEndian[i] = point[POINT_BYTES - 1 - i];
    }
    boolean odd = (bigEndian[0] & 0x80) != 0;
    bigEndian[0] &= 0x7f;
    try {
      this.key =
          KeyFactory.getInstance("Ed25519")
              .generatePublic(
                  new EdECPublicKeySpec(
                      NamedParameterSpec.ED25519,
                      new EdECPoint(odd, new BigInteger(1, bigEndian))));
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("not a public key", e);
    }
  }

  static VerifyingKey of(String name, PublicKey key) {
    EdECPoint at = ((EdECPublicKey) key).getPoint();
    byte[] point = new byte[POINT_BYTES];
    byte[] y = at.getY().toByteArray();
    for (int i = 0; i < y.length && i < POINT_BYTES; i++) {
      point[i] = y[y.length - 1 - i];
    }
    if (at.isXOdd()) {
      point[POINT_BYTES - 1] |= (byte) 0x80;
    }
    return new VerifyingKey(name, point);
  }

  /**
   * Reads what {@link #toString} gave.
   *
   * @throws IllegalArgumentException where it is not that
   */
  public static VerifyingKey parse(String text) {
    String[] parts = text.strip().split("\\+", 3);
    if (parts.length != 3) {
      throw new IllegalArgumentException("a public key is name+keyhash+base64");
    }
    byte[] typed = Base64.getDecoder().decode(parts[2]);
    if (typed.length != POINT_BYTES + 1 || typed[0] != ED25519) {
      throw new IllegalArgumentException("not an Ed25519 key of 32 bytes");
    }
    VerifyingKey key = new VerifyingKey(parts[0], Arrays.copyOfRange(typed, 1, typed.length));
    if (!HexFormat.of().formatHex(key.id).equals(parts[1])) {
      throw new IllegalArgumentException("the key's hash is not the key's");
    }
    return key;
  }

  /** The log's name. */
  public String name() {
    return name;
  }

  /** The four bytes that stand before a signature, to tell keys apart. */
  byte[] id() {
    return id.clone();
  }

  boolean verifies(byte[] text, byte[] signature) {
    try {
      Signature check = Signature.getInstance("Ed25519");
      check.initVerify(key);
      check.update(text);
      return check.verify(signature);
    } catch (GeneralSecurityException e) {
      return false; // of no form that a signature can have
    }
  }

  private static byte[] sha256(byte[]... parts) {
    try {
      var digest = java.security.MessageDigest.getInstance("SHA-256");
      for (byte[] part : parts) {
        digest.update(part);
      }
      return digest.digest();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof VerifyingKey that && toString().equals(that.toString());
  }

  @Override
  public int hashCode() {
    return toString().hashCode();
  }

  /** {@code name+keyhash+base64}. */
  @Override
  public String toString() {
    byte[] typed = new byte[POINT_BYTES + 1];
    typed[0] = ED25519;
    System.arraycopy(point, 0, typed, 1, POINT_BYTES);
    return name
        + "+"
        + HexFormat.of().formatHex(id)
        + "+"
        + Base64.getEncoder().encodeToString(typed);
  }
}
