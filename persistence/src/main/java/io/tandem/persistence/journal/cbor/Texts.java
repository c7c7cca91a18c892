package io.tandem.persistence.journal.cbor;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Text that comes again (names, currencies, who and which clock) is given as the string it was made
 * into before. What comes once is only counted. For one thread.
 */
final class Texts {

  private static final int PLACES = 1 << 10;
  private static final int PLACES_PASSING = 1 << 4;
  private static final int LONGEST = 64;
  private static final long MIX = 0x9E3779B97F4A7C15L;
  private static final int PLACE_SHIFT = 40;

  /** One a thread; threads that come and go by the thousand get a small one. */
  private static final ThreadLocal<Texts> OWN =
      ThreadLocal.withInitial(
          () -> new Texts(Thread.currentThread().isVirtual() ? PLACES_PASSING : PLACES));

  /** Of what stands at a place, or was there once and would stand there next time. */
  private final long[] marks;

  private final byte[][] encoded;
  private final String[] texts;

  private Texts(int places) {
    marks = new long[places];
    encoded = new byte[places][];
    texts = new String[places];
  }

  static Texts ofThread() {
    return OWN.get();
  }

  /**
   * The text of some bytes, which lie within the array.
   *
   * @throws Unlike where they are no well-formed text
   */
  String of(byte[] bytes, int at, int length) {
    if (length > LONGEST || length == 0) {
      return made(bytes, at, length);
    }
    long mark = mark(bytes, at, length);
    int place = (int) (mark >>> PLACE_SHIFT) & (marks.length - 1);
    if (marks[place] != mark) {
      marks[place] = mark;
      encoded[place] = null;
      return made(bytes, at, length);
    }
    byte[] known = encoded[place];
    if (known != null && Arrays.equals(known, 0, known.length, bytes, at, at + length)) {
      return texts[place];
    }
    String text = made(bytes, at, length);
    encoded[place] = Arrays.copyOfRange(bytes, at, at + length);
    texts[place] = text;
    return text;
  }

  /** From its length, its first and its last bytes: what differs between them is compared. */
  private static long mark(byte[] bytes, int at, int length) {
    long mark = length;
    if (length >= Long.BYTES) {
      mark = (mark + (long) Cbor.LONGS.get(bytes, at)) * MIX;
      mark += (long) Cbor.LONGS.get(bytes, at + length - Long.BYTES);
    } else {
      for (int i = at; i < at + length; i++) {
        mark = (mark << Byte.SIZE) + bytes[i];
      }
    }
    mark *= MIX;
    return mark ^ (mark >>> Integer.SIZE);
  }

  private static String made(byte[] bytes, int at, int length) {
    String text = new String(bytes, at, length, StandardCharsets.UTF_8);
    if (text.indexOf('\uFFFD') >= 0) { // what the decoder puts where bytes are malformed
      throw new Unlike("well-formed text");
    }
    return text;
  }
}
