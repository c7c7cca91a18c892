package io.tandem.persistence.journal.cbor;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Writes CBOR (RFC 8949) as Jackson does: every length and number in the fewest bytes. Text that
 * Jackson might cut or refuse, and all that is not ASCII, is {@link Unlike} and left to it. For one
 * thread.
 */
public final class CborPen {

  /** Longer text is left to Jackson. */
  public static final int TEXT_MAX = 255;

  private static final long BYTE_MAX = 0xFF;
  private static final long SHORT_MAX = 0xFFFF;
  private static final long INT_MAX = 0xFFFFFFFFL;
  private static final int HEAD_MAX = 9;

  private byte[] bytes;
  private int at;

  /**
   * An empty page.
   *
   * @param length about how many bytes will be written
   */
  public CborPen(int length) {
    this.bytes = new byte[Math.max(length, HEAD_MAX)];
  }

  /** An array of so many items, which are to follow. */
  public void array(int items) {
    head(Cbor.ARRAY, items);
  }

  /** A whole number. */
  public void number(long number) {
    if (number >= 0) {
      head(Cbor.UNSIGNED, number);
    } else {
      head(Cbor.NEGATIVE, ~number);
    }
  }

  /** ASCII text. */
  public void text(String text) {
    byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
    if (encoded.length != text.length() || encoded.length > TEXT_MAX) {
      throw new Unlike("short ASCII text");
    }
    head(Cbor.TEXT, encoded.length);
    put(encoded);
  }

  /** Bytes, in one piece. */
  public void binary(byte[] binary) {
    head(Cbor.BINARY, binary.length);
    put(binary);
  }

  /** Nothing. */
  public void nothing() {
    room(1);
    bytes[at++] = (byte) Cbor.NULL;
  }

  /** What was written. */
  public byte[] written() {
    return Arrays.copyOf(bytes, at);
  }

  private void put(byte[] more) {
    room(more.length);
    System.arraycopy(more, 0, bytes, at, more.length);
    at += more.length;
  }

  private void head(int major, long argument) {
    room(HEAD_MAX);
    int type = major << Cbor.MAJOR_SHIFT;
    if (argument <= Cbor.IN_HEAD_MAX) {
      bytes[at++] = (byte) (type | (int) argument);
    } else if (argument <= BYTE_MAX) {
      bytes[at++] = (byte) (type | Cbor.ONE_BYTE);
      bytes[at++] = (byte) argument;
    } else if (argument <= SHORT_MAX) {
      bytes[at++] = (byte) (type | Cbor.TWO_BYTES);
      Cbor.SHORTS.set(bytes, at, (short) argument);
      at += Short.BYTES;
    } else if (argument <= INT_MAX) {
      bytes[at++] = (byte) (type | Cbor.FOUR_BYTES);
      Cbor.INTS.set(bytes, at, (int) argument);
      at += Integer.BYTES;
    } else {
      bytes[at++] = (byte) (type | Cbor.EIGHT_BYTES);
      Cbor.LONGS.set(bytes, at, argument);
      at += Long.BYTES;
    }
  }

  private void room(int more) {
    if (bytes.length - at < more) {
      bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, at + more));
    }
  }
}
