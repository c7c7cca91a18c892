package io.tandem.persistence.journal;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/** A SHA-256 value: 32 bytes, compared by content. */
public final class Hash {

  /** Length in bytes. */
  public static final int BYTES = 32;

  /** Thirty-two zeros: what the first event of an entity names as its predecessor. */
  public static final Hash NONE = new Hash(new byte[BYTES]);

  private final byte[] value;

  private Hash(byte[] value) {
    this.value = value;
  }

  /** The SHA-256 of some bytes. */
  public static Hash of(byte[] bytes) {
    try {
      return new Hash(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** A hash read back from 32 bytes. */
  public static Hash from(byte[] bytes) {
    if (bytes.length != BYTES) {
      throw new IllegalArgumentException("a hash has 32 bytes, not " + bytes.length);
    }
    return new Hash(bytes.clone());
  }

  /** A copy of the 32 bytes. */
  public byte[] toBytes() {
    return value.clone();
  }

  /** The bytes themselves, for writers in this package that do not change them. */
  byte[] shared() {
    return value;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Hash that && Arrays.equals(value, that.value);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(value);
  }

  /** Lower-case hexadecimal. */
  @Override
  public String toString() {
    return HexFormat.of().formatHex(value);
  }
}
