package io.tandem.persistence.journal.cbor;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Writes CBOR (RFC 8949) as Jackson does: every length and number in the fewest bytes, long text in
 * pieces. Text that is not well-formed, which Jackson refuses, is {@link Unlike} and left to it.
 * For one thread.
 */
public final class CborPen {

  /** In chars: longer text is cut by Jackson, whose buffer holds no longer piece for certain. */
  public static final int PIECE_MAX = 3_996;

  /** What stands where a surrogate without its other half was to be encoded. */
  private static final byte REPLACED = '?';

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

  /** Yes or no. */
  public void truth(boolean truth) {
    put((byte) (truth ? Cbor.TRUE : Cbor.FALSE));
  }

  /**
   * Text.
   *
   * @throws Unlike where it is not well-formed
   */
  public void text(String text) {
    if (text.length() <= PIECE_MAX) {
      piece(text);
      return;
    }
    put((byte) (Cbor.TEXT << Cbor.MAJOR_SHIFT | Cbor.OPEN_ENDED));
    int from = 0;
    while (text.length() - from > PIECE_MAX) {
      int to = from + PIECE_MAX;
      if (Character.isHighSurrogate(text.charAt(to - 1))) {
        to--;
      }
      piece(text.substring(from, to));
      from = to;
    }
    piece(text.substring(from));
    close();
  }

  private void piece(String text) {
    byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
    if (mayBeReplaced(text, encoded) && hasLoneSurrogate(text)) {
      throw new Unlike("well-formed text");
    }
    head(Cbor.TEXT, encoded.length);
    put(encoded);
  }

  /** Whether anything may stand for a lone surrogate: nearly never, and cheap to say. */
  private static boolean mayBeReplaced(String text, byte[] encoded) {
    if (encoded.length != text.length()) {
      return true;
    }
    for (byte each : encoded) {
      if (each == REPLACED) {
        return true;
      }
    }
    return false;
  }

  private static boolean hasLoneSurrogate(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        if (i + 1 == text.length()
            || !Character.isSurrogatePair(text.charAt(i), text.charAt(i + 1))) {
          return true;
        }
        i++;
      }
    }
    return false;
  }

  /** Bytes, in one piece. */
  public void binary(byte[] binary) {
    head(Cbor.BINARY, binary.length);
    put(binary);
  }

  /** Nothing. */
  public void nothing() {
    put((byte) Cbor.NULL);
  }

  /** What the item that follows is. */
  public void tag(int tag) {
    head(Cbor.TAG, tag);
  }

  /** An array of items that are to follow, until {@link #close}. */
  public void openArray() {
    put((byte) (Cbor.ARRAY << Cbor.MAJOR_SHIFT | Cbor.OPEN_ENDED));
  }

  /** A map of keys and values that are to follow, until {@link #close}. */
  public void openMap() {
    put((byte) (Cbor.MAP << Cbor.MAJOR_SHIFT | Cbor.OPEN_ENDED));
  }

  /** The end of what was opened last. */
  public void close() {
    put((byte) Cbor.BREAK);
  }

  /** What was written. */
  public byte[] written() {
    return Arrays.copyOf(bytes, at);
  }

  /** Some text and nothing else. */
  public static byte[] alone(String text) {
    CborPen pen = new CborPen(text.length() + HEAD_MAX);
    pen.text(text);
    return pen.written();
  }

  private void put(byte one) {
    room(1);
    bytes[at++] = one;
  }

  /** What is CBOR already. */
  void put(byte[] more) {
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
