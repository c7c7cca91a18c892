package io.tandem.protocol.sip.defence;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * What a message is, at one glance over its octets and without reading it: enough to say who goes
 * first. What it cannot make out is {@link Kind#NEW}, the class that is refused first.
 */
public final class Glance {
  private static final byte[] RESPONSE = ascii("SIP/2.0 ");
  private static final byte[] ACK = ascii("ACK ");
  private static final byte[] CANCEL = ascii("CANCEL ");
  private static final byte[] TAG = ascii(";tag=");

  private Glance() {}

  /** The classes of messages. */
  public enum Kind {
    RESPONSE,
    /** An ACK, or a request within a dialog. */
    WITHIN,
    CANCEL,
    /** A request that opens something. */
    NEW,
    /** The ACK of a refusal that nobody remembers. */
    ACK_OF_REFUSAL
  }

  /**
   * Looks at a datagram.
   *
   * @param refusedTag the To tag of stateless refusals
   */
  public static Kind of(byte[] bytes, int length, @Nullable String refusedTag) {
    if (startsWith(bytes, 0, length, RESPONSE)) {
      return Kind.RESPONSE;
    }
    if (startsWith(bytes, 0, length, CANCEL)) {
      return Kind.CANCEL;
    }
    boolean ack = startsWith(bytes, 0, length, ACK);
    int to = toTag(bytes, length);
    if (ack && to >= 0 && refusedTag != null && startsWith(bytes, to, length, ascii(refusedTag))) {
      return Kind.ACK_OF_REFUSAL;
    }
    return ack || to >= 0 ? Kind.WITHIN : Kind.NEW;
  }

  /** Where the tag's value begins in the To header; -1 without one. */
  private static int toTag(byte[] bytes, int length) {
    for (int line = nextLine(bytes, 0, length); line < length; ) {
      int end = nextLine(bytes, line, length);
      if (bytes[line] == '\r' || bytes[line] == '\n') {
        return -1; // the body begins
      }
      if (isTo(bytes, line, length)) {
        return tagIn(bytes, line, end);
      }
      line = end;
    }
    return -1;
  }

  /** Outside of quotes and angle brackets: a tag of the URI is not the header's. */
  private static int tagIn(byte[] bytes, int line, int end) {
    boolean quoted = false;
    boolean bracketed = false;
    for (int i = line; i < end; i++) {
      byte b = bytes[i];
      if (b == '"' && !bracketed) {
        quoted = !quoted;
      } else if (b == '\\' && quoted) {
        i++;
      } else if (b == '<' && !quoted) {
        bracketed = true;
      } else if (b == '>' && !quoted) {
        bracketed = false;
      } else if (b == ';' && !quoted && !bracketed && startsWithIgnoringCase(bytes, i, end, TAG)) {
        return i + TAG.length;
      }
    }
    return -1;
  }

  /** {@code To} or {@code t}, then perhaps blanks, then a colon. */
  private static boolean isTo(byte[] bytes, int line, int length) {
    if (bytes[line] != 't' && bytes[line] != 'T') {
      return false;
    }
    int at = line + 1;
    if (at < length && (bytes[at] == 'o' || bytes[at] == 'O')) {
      at++;
    }
    while (at < length && (bytes[at] == ' ' || bytes[at] == '\t')) {
      at++;
    }
    return at < length && bytes[at] == ':';
  }

  static int nextLine(byte[] bytes, int from, int length) {
    int at = from;
    while (at < length && bytes[at] != '\n') {
      at++;
    }
    return Math.min(length, at + 1);
  }

  static boolean startsWith(byte[] bytes, int at, int length, byte[] prefix) {
    if (at + prefix.length > length) {
      return false;
    }
    for (int i = 0; i < prefix.length; i++) {
      if (bytes[at + i] != prefix[i]) {
        return false;
      }
    }
    return true;
  }

  static boolean startsWithIgnoringCase(byte[] bytes, int at, int length, byte[] lowerPrefix) {
    if (at + lowerPrefix.length > length) {
      return false;
    }
    for (int i = 0; i < lowerPrefix.length; i++) {
      int b = bytes[at + i];
      if ((b >= 'A' && b <= 'Z' ? b + 32 : b) != lowerPrefix[i]) {
        return false;
      }
    }
    return true;
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
