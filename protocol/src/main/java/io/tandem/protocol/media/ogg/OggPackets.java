package io.tandem.protocol.media.ogg;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Optional;
import java.util.Queue;

/**
 * The packets of the first logical stream of an Ogg file (RFC 3533), pages of other streams passed
 * over. What is cut off or damaged ends it: all that came before is good.
 */
public final class OggPackets {
  private static final int MAX_LACES = 255;
  private static final int SERIAL_AT = 14;
  private static final int GRANULE_AT = 6;
  private static final int LACES_AT = 26;
  private static final int FULL_LACE = 255;
  private static final int CONTINUED = 1;

  /** The longest packet: tags may hold a picture. */
  private static final int MAX_PACKET_OCTETS = 8 << 20;

  private final InputStream in;
  private final Queue<byte[]> waiting = new ArrayDeque<>();
  private final ByteArrayOutputStream part = new ByteArrayOutputStream();
  private boolean partBegun;
  private boolean serialKnown;
  private int serial;
  private long granule;
  private boolean ended;
  private boolean broken;

  /**
   * @param in read page by page; closing it is left to who opened it
   */
  public OggPackets(InputStream in) {
    this.in = in;
  }

  /**
   * The next packet, empty at the end.
   *
   * @throws IOException when the stream breaks
   */
  public Optional<byte[]> next() throws IOException {
    while (waiting.isEmpty() && !ended && !broken) {
      page();
    }
    return Optional.ofNullable(waiting.poll());
  }

  /** Granule position of the last page that ended a packet. */
  public long granule() {
    return granule;
  }

  /** Whether the page that says it is the last was read. */
  public boolean ended() {
    return ended;
  }

  private void page() throws IOException {
    byte[] head = in.readNBytes(OggPages.HEADER_OCTETS);
    if (head.length < OggPages.HEADER_OCTETS || !OggPages.begins(head)) {
      broken = true;
      return;
    }
    int laceCount = head[LACES_AT] & 0xff;
    byte[] laces = in.readNBytes(laceCount);
    int body = 0;
    for (byte lace : laces) {
      body += lace & 0xff;
    }
    byte[] page = Arrays.copyOf(head, head.length + MAX_LACES + body);
    System.arraycopy(laces, 0, page, head.length, laces.length);
    int read = in.readNBytes(page, head.length + laceCount, body);
    page = Arrays.copyOf(page, head.length + laceCount + body);
    if (laces.length < laceCount || read < body || !OggPages.isWhole(page)) {
      broken = true;
      return;
    }
    ByteBuffer fields = ByteBuffer.wrap(page).order(ByteOrder.LITTLE_ENDIAN);
    if (!serialKnown) {
      serialKnown = true;
      serial = fields.getInt(SERIAL_AT);
    }
    if (fields.getInt(SERIAL_AT) == serial) {
      unpack(page, laces, fields.getLong(GRANULE_AT), page[5]);
    }
  }

  private void unpack(byte[] page, byte[] laces, long position, int flags) {
    boolean goesOn = (flags & CONTINUED) != 0;
    if (!goesOn || !partBegun) {
      part.reset();
    }
    boolean skipping = goesOn && !partBegun; // its beginning was lost
    int at = OggPages.HEADER_OCTETS + laces.length;
    for (byte oneLace : laces) {
      int lace = oneLace & 0xff;
      part.write(page, at, lace);
      at += lace;
      partBegun = true;
      if (part.size() > MAX_PACKET_OCTETS) {
        broken = true;
        return;
      }
      if (lace < FULL_LACE) {
        if (!skipping) {
          waiting.add(part.toByteArray());
        }
        skipping = false;
        part.reset();
        partBegun = false;
        granule = position;
      }
    }
    ended = (flags & OggPages.LAST_PAGE) != 0;
  }
}
