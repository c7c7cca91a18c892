package io.tandem.protocol.media.ogg;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Packets of one logical stream as Ogg pages (RFC 3533 §6). A packet is never spread over pages, so
 * that each page can be read without the one before. Pure: packets in, octets out.
 *
 * <pre>
 * "OggS" version flags granule(8) serial(4) page(4) checksum(4) laces lace* body
 * </pre>
 */
public final class OggPages {
  /** Before the table of laces. */
  public static final int HEADER_OCTETS = 27;

  /** Flag of a page: the stream begins here. */
  public static final int FIRST_PAGE = 2;

  /** Flag of a page: the stream ends here. */
  public static final int LAST_PAGE = 4;

  private static final byte[] CAPTURE = "OggS".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] VERSIONED = Arrays.copyOf(CAPTURE, CAPTURE.length + 1);
  private static final int CHECKSUM_AT = 22;
  private static final int MAX_LACES = 255;
  private static final int FULL_LACE = 255;
  private static final int[] CHECKSUMS = checksums();

  private final int serial;
  private final byte[] laces = new byte[MAX_LACES];
  private final ByteArrayOutputStream body = new ByteArrayOutputStream();
  private int laceCount;
  private long granule;
  private int number;

  /**
   * @param serial tells the stream from others in one file
   */
  public OggPages(int serial) {
    this.serial = serial;
  }

  /** Whether the page under way has room for a packet of so many octets. */
  public boolean fits(int octets) {
    return laceCount + octets / FULL_LACE + 1 <= MAX_LACES;
  }

  /** Whether no packet waits for {@link #page}. */
  public boolean isEmpty() {
    return laceCount == 0;
  }

  /**
   * Adds a packet that {@link #fits} to the page under way.
   *
   * @param endsAt granule position where it ends
   */
  public void packet(byte[] octets, int count, long endsAt) {
    int rest = count;
    for (; rest >= FULL_LACE; rest -= FULL_LACE) {
      laces[laceCount++] = (byte) FULL_LACE;
    }
    laces[laceCount++] = (byte) rest;
    body.write(octets, 0, count);
    granule = endsAt;
  }

  /** What {@link #packet} said of the last packet, said again: the stream ends before it does. */
  public void endsAt(long position) {
    granule = position;
  }

  /**
   * Ends the page under way.
   *
   * @param flags {@link #FIRST_PAGE}, {@link #LAST_PAGE} or none
   */
  public byte[] page(int flags) {
    int head = HEADER_OCTETS + laceCount;
    ByteBuffer out = ByteBuffer.allocate(head + body.size()).order(ByteOrder.LITTLE_ENDIAN);
    out.put(CAPTURE).put((byte) 0).put((byte) flags).putLong(granule).putInt(serial);
    out.putInt(number++).putInt(0).put((byte) laceCount).put(laces, 0, laceCount);
    out.put(body.toByteArray());
    out.putInt(CHECKSUM_AT, checksum(out.array()));
    laceCount = 0;
    body.reset();
    return out.array();
  }

  /** Whether a page's octets begin as one. */
  static boolean begins(byte[] page) {
    return Arrays.equals(page, 0, CAPTURE.length + 1, VERSIONED, 0, VERSIONED.length);
  }

  /** Whether a page's checksum is right. */
  static boolean isWhole(byte[] page) {
    return ByteBuffer.wrap(page).order(ByteOrder.LITTLE_ENDIAN).getInt(CHECKSUM_AT)
        == checksum(page);
  }

  /** RFC 3533 §6: polynomial 0x04c11db7, from 0, nothing reflected; its own field taken as 0. */
  static int checksum(byte[] page) {
    int sum = 0;
    for (int i = 0; i < page.length; i++) {
      int octet = i >= CHECKSUM_AT && i < CHECKSUM_AT + 4 ? 0 : page[i];
      sum = (sum << 8) ^ CHECKSUMS[((sum >>> 24) ^ octet) & 0xff];
    }
    return sum;
  }

  private static int[] checksums() {
    int[] table = new int[256];
    for (int i = 0; i < table.length; i++) {
      int sum = i << 24;
      for (int bit = 0; bit < 8; bit++) {
        sum = (sum << 1) ^ (sum < 0 ? 0x04c11db7 : 0);
      }
      table[i] = sum;
    }
    return table;
  }
}
