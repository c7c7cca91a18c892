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

  /** One a thread: to look one up costs as much as to hash an event. */
  private static final ThreadLocal<MessageDigest> SHA_256 = ThreadLocal.withInitial(Hash::sha256);

  private final byte[] value;

  private Hash(byte[] value) {
    this.value = value;
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** The SHA-256 of some bytes. */
  public static Hash of(byte[] bytes) {
    return new Hash(SHA_256.get().digest(bytes));
  }

  /** A hash read back from 32 bytes. */
  public static Hash from(byte[] bytes) {
    if (bytes.length != BYTES) {
      throw new IllegalArgumentException("a hash has 32 bytes, not " + bytes.length);
    }
    return new Hash(bytes.clone());
  }

  /** The same of bytes that nobody else has. */
  static Hash owning(byte[] bytes) {
    if (bytes.length != BYTES) {
      throw new IllegalArgumentException("a hash has 32 bytes, not " + bytes.length);
    }
    return new Hash(bytes);
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
