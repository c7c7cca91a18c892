package io.tandem.persistence.journal.cbor;

import java.io.ByteArrayOutputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A place in CBOR bytes (RFC 8949) that moves on with each thing read. Every method reads what it
 * names or throws {@link Unlike}, or {@link IndexOutOfBoundsException} where the bytes end. For one
 * thread.
 */
public final class CborCursor {

  /** Of an array or map whose end is marked, not counted. */
  public static final int UNCOUNTED = -1;

  private static final int UNSIGNED = 0;
  private static final int NEGATIVE = 1;
  private static final int BINARY = 2;
  private static final int TEXT = 3;
  private static final int ARRAY = 4;
  private static final int MAP = 5;
  private static final int TAG = 6;

  private static final int MAJOR_SHIFT = 5;
  private static final int INFO = 0x1F;
  private static final int OPEN_ENDED = 31;
  private static final int FALSE = 0xF4;
  private static final int TRUE = 0xF5;
  private static final int NULL = 0xF6;
  private static final int BREAK = 0xFF;

  private static final VarHandle SHORTS =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private final byte[] bytes;
  private int at;

  public CborCursor(byte[] bytes) {
    this.bytes = bytes;
  }

  /** A whole number that a long holds. */
  public long number() {
    int head = head();
    return switch (head >> MAJOR_SHIFT) {
      case UNSIGNED -> argument(head);
      case NEGATIVE -> ~argument(head);
      default -> throw new Unlike("a number");
    };
  }

  /** Well-formed text, in one piece or in several. */
  public String text() {
    int head = head();
    if (head >> MAJOR_SHIFT != TEXT) {
      throw new Unlike("text");
    }
    String text;
    if ((head & INFO) == OPEN_ENDED) {
      text = pieces();
    } else {
      int length = length(head);
      text = new String(bytes, at, length, StandardCharsets.UTF_8);
      at += length;
    }
    if (text.indexOf('\uFFFD') >= 0) { // what the decoder puts where bytes are malformed
      throw new Unlike("well-formed text");
    }
    return text;
  }

  private String pieces() {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    while (!closes()) {
      int head = head();
      if (head >> MAJOR_SHIFT != TEXT) {
        throw new Unlike("a piece of text");
      }
      int length = length(head);
      all.write(bytes, at, length);
      at += length;
    }
    return all.toString(StandardCharsets.UTF_8);
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
    int length = binaryLength();
    at += length;
  }

  private int binaryLength() {
    int head = head();
    if (head >> MAJOR_SHIFT != BINARY) {
      throw new Unlike("bytes");
    }
    return length(head);
  }

  /** True or false. */
  public boolean truth() {
    return switch (head()) {
      case TRUE -> true;
      case FALSE -> false;
      default -> throw new Unlike("true or false");
    };
  }

  /** Goes past a null, where there is one. */
  public boolean isNull() {
    return passes(NULL);
  }

  /** Opens an array; gives how many elements it has, or {@link #UNCOUNTED}. */
  public int array() {
    return opened(ARRAY);
  }

  /** Opens a map; gives how many entries it has, or {@link #UNCOUNTED}. */
  public int map() {
    return opened(MAP);
  }

  private int opened(int major) {
    int head = head();
    if (head >> MAJOR_SHIFT != major) {
      throw new Unlike("an array or a map");
    }
    if ((head & INFO) == OPEN_ENDED) {
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
    return passes(BREAK);
  }

  /** Goes past exactly these bytes. */
  public void exactly(byte[] expected) {
    int end = at + expected.length;
    if (end > bytes.length || !Arrays.equals(bytes, at, end, expected, 0, expected.length)) {
      throw new Unlike("this key");
    }
    at = end;
  }

  /** A tag. */
  public long tag() {
    int head = head();
    if (head >> MAJOR_SHIFT != TAG) {
      throw new Unlike("a tag");
    }
    return argument(head);
  }

  /** Whether all is read. */
  public boolean isAtEnd() {
    return at == bytes.length;
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
    if (length > bytes.length - at) {
      throw new Unlike("so many bytes");
    }
    return (int) length;
  }

  private long argument(int head) {
    int info = head & INFO;
    if (info < 24) {
      return info;
    }
    long value;
    switch (info) {
      case 24 -> {
        value = bytes[at] & 0xFF;
        at += Byte.BYTES;
      }
      case 25 -> {
        value = (short) SHORTS.get(bytes, at) & 0xFFFF;
        at += Short.BYTES;
      }
      case 26 -> {
        value = (int) INTS.get(bytes, at) & 0xFFFFFFFFL;
        at += Integer.BYTES;
      }
      case 27 -> {
        value = (long) LONGS.get(bytes, at);
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
