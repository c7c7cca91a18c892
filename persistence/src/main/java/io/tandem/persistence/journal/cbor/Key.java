package io.tandem.persistence.journal.cbor;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The name of a component as it stands in stored bytes: short text with its head. */
final class Key {

  private static final int TEXT_HEAD = Cbor.TEXT << Cbor.MAJOR_SHIFT;
  private static final int TWO_WORDS = 2 * Long.BYTES;

  private final byte[] bytes;

  /** The first eight bytes; of a shorter key all of them, and nothing below. */
  private final long first;

  private final long mask;

  /** The last eight bytes of a key that has as many. */
  private final long last;

  private Key(byte[] bytes) {
    this.bytes = bytes;
    byte[] padded = Arrays.copyOf(bytes, Math.max(bytes.length, Long.BYTES));
    this.first = (long) Cbor.LONGS.get(padded, 0);
    this.mask = bytes.length >= Long.BYTES ? -1 : -1L << ((Long.BYTES - bytes.length) * Byte.SIZE);
    this.last = (long) Cbor.LONGS.get(padded, padded.length - Long.BYTES);
  }

  /**
   * The key of a name.
   *
   * @throws IllegalArgumentException where it is not shorter than 24 bytes
   */
  static Key of(String name) {
    byte[] text = name.getBytes(StandardCharsets.UTF_8);
    if (text.length > Cbor.IN_HEAD_MAX) {
      throw new IllegalArgumentException("'" + name + "' is too long for a key");
    }
    byte[] bytes = new byte[text.length + 1];
    bytes[0] = (byte) (TEXT_HEAD + text.length);
    System.arraycopy(text, 0, bytes, 1, text.length);
    return new Key(bytes);
  }

  /** Whether a name is one that there is a key of. */
  static boolean isShort(String name) {
    return name.getBytes(StandardCharsets.UTF_8).length <= Cbor.IN_HEAD_MAX;
  }

  int length() {
    return bytes.length;
  }

  /** Whether it stands there, all of it before the end. */
  boolean isAt(byte[] in, int at, int end) {
    int length = bytes.length;
    if (length > end - at) {
      return false;
    }
    if (in.length - at < Long.BYTES || length > TWO_WORDS) {
      return Arrays.equals(in, at, at + length, bytes, 0, length);
    }
    return ((long) Cbor.LONGS.get(in, at) & mask) == first
        && (length <= Long.BYTES || (long) Cbor.LONGS.get(in, at + length - Long.BYTES) == last);
  }
}
