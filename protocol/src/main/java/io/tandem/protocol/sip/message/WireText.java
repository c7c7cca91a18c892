package io.tandem.protocol.sip.message;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Octets being written: UTF-8, which nearly always is ASCII. With room for exactly what is written
 * nothing is copied at the end.
 */
final class WireText {
  private byte[] octets;
  private int length;

  /**
   * @param room octets that are expected; it grows when there are more
   */
  WireText(int room) {
    this.octets = new byte[room];
  }

  WireText text(String text) {
    int more = text.length();
    ensure(more);
    byte[] out = octets;
    int at = length;
    for (int i = 0; i < more; i++) {
      char c = text.charAt(i);
      if (c >= 128) {
        return append(text.getBytes(StandardCharsets.UTF_8));
      }
      out[at + i] = (byte) c;
    }
    length = at + more;
    return this;
  }

  WireText append(byte[] more) {
    ensure(more.length);
    System.arraycopy(more, 0, octets, length, more.length);
    length += more.length;
    return this;
  }

  private void ensure(int more) {
    if (octets.length - length < more) {
      octets = Arrays.copyOf(octets, Math.max(length + more, 2 * octets.length));
    }
  }

  /** What was written; this is not used any more. */
  byte[] octets() {
    return length == octets.length ? octets : Arrays.copyOf(octets, length);
  }
}
