package io.tandem.persistence.journal.cbor;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/**
 * A place in CBOR bytes (RFC 8949) that moves on with each thing read. Every method reads what it
 * names or throws {@link Unlike}, or {@link IndexOutOfBoundsException} where the bytes end. For one
 * thread.
 */
public final class CborCursor {

  /** Of an array or map whose end is marked, not counted. */
  public static final int UNCOUNTED = -1;

  private static final int INFO = 0x1F;
  private static final long NOT_ASCII = 0x8080808080808080L;

  private final byte[] bytes;
  private final int end;
  private final Texts texts = Texts.ofThread();
  private int at;

  /** At the first of all bytes. */
  public CborCursor(byte[] bytes) {
    this(bytes, 0, bytes.length);
  }

  /** At the first of some bytes among others. */
  public CborCursor(byte[] bytes, int from, int length) {
    this.bytes = bytes;
    this.at = from;
    this.end = from + length;
  }

  /** A whole number that a long holds. */
  public long number() {
    int head = head();
    return switch (head >> Cbor.MAJOR_SHIFT) {
      case Cbor.UNSIGNED -> argument(head);
      case Cbor.NEGATIVE -> ~argument(head);
      default -> throw new Unlike("a number");
    };
  }

  /** Well-formed text, in one piece or in several. */
  public String text() {
    int head = head();
    if (head >> Cbor.MAJOR_SHIFT != Cbor.TEXT) {
      throw new Unlike("text");
    }
    if ((head & INFO) == Cbor.OPEN_ENDED) {
      return pieces();
    }
    int length = length(head);
    String text = texts.of(bytes, at, length);
    at += length;
    return text;
  }

  /**
   * Goes past text in one piece.
   *
   * @return whether it is ASCII, and so well-formed
   */
  public boolean passText() {
    int head = head();
    if (head >> Cbor.MAJOR_SHIFT != Cbor.TEXT) {
      throw new Unlike("text");
    }
    int length = length(head);
    int stop = at + length;
    long bits = 0;
    while (at <= stop - Long.BYTES) {
      bits |= (long) Cbor.LONGS.get(bytes, at);
      at += Long.BYTES;
    }
    while (at < stop) {
      bits |= bytes[at++] & 0xFF;
    }
    return (bits & NOT_ASCII) == 0;
  }

  private String pieces() {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    while (!closes()) {
      int head = head();
      if (head >> Cbor.MAJOR_SHIFT != Cbor.TEXT) {
        throw new Unlike("a piece of text");
      }
      int length = length(head);
      all.write(bytes, at, length);
      at += length;
    }
    byte[] together = all.toByteArray();
    return texts.of(together, 0, together.length);
  }

  /** Bytes in one piece. */
  public byte[] binary() {
    int length = binaryLength();
    byte[] read = Arrays.copyOfRange(bytes, at, at + length);
    at += length;
    return read;
  }

  /** Goes past bytes in one piece. */
  public void skipBinary() {
    skip(binaryLength());
  }

  /** Goes past so many bytes, as {@link #binaryLength} has told. */
  public void skip(int length) {
    at += length;
  }

  /** Where it stands among all bytes. */
  public int position() {
    return at;
  }

  /** Goes to the first of bytes in one piece; gives how many they are. */
  public int binaryLength() {
    int head = head();
    if (head >> Cbor.MAJOR_SHIFT != Cbor.BINARY) {
      throw new Unlike("bytes");
    }
    return length(head);
  }

  /** True or false. */
  public boolean truth() {
    return switch (head()) {
      case Cbor.TRUE -> true;
      case Cbor.FALSE -> false;
      default -> throw new Unlike("true or false");
    };
  }

  /** Goes past a null, where there is one. */
  public boolean isNull() {
    return passes(Cbor.NULL);
  }

  /** Opens an array; gives how many elements it has, or {@link #UNCOUNTED}. */
  public int array() {
    return opened(Cbor.ARRAY);
  }

  /** Opens a map; gives how many entries it has, or {@link #UNCOUNTED}. */
  public int map() {
    return opened(Cbor.MAP);
  }

  private int opened(int major) {
    int head = head();
    if (head >> Cbor.MAJOR_SHIFT != major) {
      throw new Unlike("an array or a map");
    }
    if ((head & INFO) == Cbor.OPEN_ENDED) {
      return UNCOUNTED;
    }
    long count = argument(head);
    if (count > bytes.length) {
      throw new Unlike("so many elements");
    }
    return (int) count;
  }

  /** Goes past the end of what is {@link #UNCOUNTED}, where it is there. */
  public boolean closes() {
    return passes(Cbor.BREAK);
  }

  /** Goes past exactly this key. */
  void exactly(Key key) {
    if (!key.isAt(bytes, at, end)) {
      throw new Unlike("this key");
    }
    at += key.length();
  }

  /** A tag. */
  public long tag() {
    int head = head();
    if (head >> Cbor.MAJOR_SHIFT != Cbor.TAG) {
      throw new Unlike("a tag");
    }
    return argument(head);
  }

  /** Whether all is read. */
  public boolean isAtEnd() {
    return at == end;
  }

  private boolean passes(int head) {
    if ((bytes[at] & 0xFF) != head) {
      return false;
    }
    at++;
    return true;
  }

  private int head() {
    return bytes[at++] & 0xFF;
  }

  private int length(int head) {
    long length = argument(head);
    if (length > end - at) {
      throw new Unlike("so many bytes");
    }
    return (int) length;
  }

  private long argument(int head) {
    int info = head & INFO;
    if (info <= Cbor.IN_HEAD_MAX) {
      return info;
    }
    long value;
    switch (info) {
      case Cbor.ONE_BYTE -> {
        value = bytes[at] & 0xFF;
        at += Byte.BYTES;
      }
      case Cbor.TWO_BYTES -> {
        value = (short) Cbor.SHORTS.get(bytes, at) & 0xFFFF;
        at += Short.BYTES;
      }
      case Cbor.FOUR_BYTES -> {
        value = (int) Cbor.INTS.get(bytes, at) & 0xFFFFFFFFL;
        at += Integer.BYTES;
      }
      case Cbor.EIGHT_BYTES -> {
        value = (long) Cbor.LONGS.get(bytes, at);
        at += Long.BYTES;
      }
      default -> throw new Unlike("a count");
    }
    if (value < 0) {
      throw new Unlike("a number that a long holds");
    }
    return value;
  }
}
