package io.tandem.protocol.sip.message;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a message's head into lines and lines into fields, under the limits and in one pass (RFC
 * 3261 section 7.3.1): folded lines are joined, compact names written out, lists of addresses and
 * Vias split. Knows no header's own grammar.
 */
final class HeaderLines {
  private static final char REPLACEMENT = '\ufffd';

  private final byte[] bytes;
  private final int from;
  private final int end;
  private final SipLimits limits;
  private final List<HeaderField> fields = new ArrayList<>(16);
  private @Nullable String contentLength;
  private String defectHeader = "header line";
  private int at;

  HeaderLines(byte[] bytes, int from, int end, SipLimits limits) {
    this.bytes = bytes;
    this.from = from;
    this.end = end;
    this.limits = limits;
    this.at = from;
  }

  List<HeaderField> fields() {
    return fields;
  }

  /** The value of Content-Length, or null when there was none. */
  @Nullable String contentLength() {
    return contentLength;
  }

  /** Where the body begins, after {@link #readHeaders}. */
  int bodyFrom() {
    return at;
  }

  int end() {
    return end;
  }

  boolean isOversized(int messageBytes) {
    return end - from > messageBytes;
  }

  /** Which header the defect that {@link #readHeaders} told of is in. */
  String defectHeader() {
    return defectHeader;
  }

  /** The first line that is not empty (section 7.5), without its end; empty when there is none. */
  String startLine() {
    while (at < end && (bytes[at] == '\r' || bytes[at] == '\n')) {
      at++;
    }
    int lineFrom = at;
    int lineTo = lineEnd(at);
    at = next(lineTo);
    int length = Math.min(lineTo - lineFrom, limits.lineBytes());
    return text(bytes, lineFrom, length);
  }

  /** Reads up to the empty line; what is wrong, or null. Fields read so far stay. */
  @Nullable String readHeaders() {
    while (at < end) {
      int lineFrom = at;
      int lineTo = lineEnd(at);
      at = next(lineTo);
      if (lineTo == lineFrom) {
        return null;
      }
      boolean folded = false;
      while (at < end
          && (bytes[at] == ' ' || bytes[at] == '\t')
          && at - lineFrom <= limits.lineBytes()) {
        folded = true;
        lineTo = lineEnd(at);
        at = next(lineTo);
      }
      if (lineTo - lineFrom > limits.lineBytes()) {
        return "longer than allowed";
      }
      String defect = field(lineFrom, lineTo, folded);
      if (defect != null) {
        return defect;
      }
      if (fields.size() > limits.headerCount()) {
        defectHeader = "header count";
        return "more headers than allowed";
      }
    }
    return null;
  }

  private @Nullable String field(int lineFrom, int lineTo, boolean folded) {
    int colon = lineFrom;
    while (colon < lineTo && bytes[colon] != ':') {
      colon++;
    }
    int nameTo = colon;
    while (nameTo > lineFrom && isSpace(bytes[nameTo - 1])) {
      nameTo--;
    }
    defectHeader = "header line";
    if (colon == lineTo || nameTo == lineFrom) {
      return "no header name";
    }
    for (int i = lineFrom; i < nameTo; i++) {
      if (!Chars.isToken((char) (bytes[i] & 0xff))) {
        return "malformed header name";
      }
    }
    String name = HeaderName.canonical(bytes, lineFrom, nameTo);
    defectHeader = name;
    String value = value(colon + 1, lineTo, folded);
    if (value == null) {
      return "a control character";
    }
    return add(name, value);
  }

  private @Nullable String add(String name, String value) {
    switch (name) {
      case HeaderName.CONTENT_LENGTH -> {
        if (contentLength != null) {
          return "more than one";
        }
        contentLength = value;
      }
      case HeaderName.VIA,
          HeaderName.CONTACT,
          HeaderName.ROUTE,
          HeaderName.RECORD_ROUTE,
          HeaderName.PATH,
          HeaderName.SERVICE_ROUTE,
          HeaderName.HISTORY_INFO,
          HeaderName.P_ASSERTED_IDENTITY -> {
        if (value.indexOf(',') < 0) {
          fields.add(HeaderField.fromWire(name, value));
        } else {
          split(name, value);
        }
      }
      default -> fields.add(HeaderField.fromWire(name, value));
    }
    return null;
  }

  /** A field a member; commas in quotes, angle brackets and comments separate nothing. */
  private void split(String name, String value) {
    boolean quoted = false;
    boolean bracketed = false;
    int memberFrom = 0;
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (quoted) {
        if (c == '\\') {
          i++;
        } else if (c == '"') {
          quoted = false;
        }
      } else if (c == '"' && !bracketed) {
        quoted = true;
      } else if (c == '<') {
        bracketed = true;
      } else if (c == '>') {
        bracketed = false;
      } else if (c == ',' && !bracketed) {
        fields.add(HeaderField.fromWire(name, value.substring(memberFrom, i).strip()));
        memberFrom = i + 1;
      }
    }
    fields.add(HeaderField.fromWire(name, value.substring(memberFrom).strip()));
  }

  /** The value without outer space, folds as one space; null when it holds a control character. */
  private @Nullable String value(int valueFrom, int valueTo, boolean folded) {
    int first = valueFrom;
    int last = valueTo;
    while (first < last && isSpaceOrEnd(bytes[first])) {
      first++;
    }
    while (last > first && isSpaceOrEnd(bytes[last - 1])) {
      last--;
    }
    for (int i = first; i < last; i++) {
      byte b = bytes[i];
      if (b >= 0 && b < ' ' && b != '\t' && !mayStand(first, i, folded)) {
        return null;
      }
    }
    String value = text(bytes, first, last - first);
    return folded ? unfold(value) : value;
  }

  /** A fold's line end, or a control character escaped as a quoted-pair allows. */
  private boolean mayStand(int first, int i, boolean folded) {
    if (bytes[i] == '\r' || bytes[i] == '\n') {
      return folded;
    }
    return i > first && bytes[i - 1] == '\\';
  }

  /**
   * UTF-8 (section 7.3.1), or what old phones send instead: a name with umlauts in Latin-1 stays
   * readable, and no byte grows to a replacement character of three.
   */
  private static String text(byte[] bytes, int from, int length) {
    String text = new String(bytes, from, length, StandardCharsets.UTF_8);
    if (text.indexOf(REPLACEMENT) < 0) {
      return text;
    }
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(bytes, from, length))
          .toString();
    } catch (CharacterCodingException latin) {
      return new String(bytes, from, length, StandardCharsets.ISO_8859_1);
    }
  }

  private static String unfold(String value) {
    StringBuilder out = new StringBuilder(value.length());
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c != '\r' && c != '\n') {
        out.append(c);
        continue;
      }
      while (out.length() > 0 && Chars.isSpace(out.charAt(out.length() - 1))) {
        out.setLength(out.length() - 1);
      }
      out.append(' ');
      while (i + 1 < value.length() && " \t\r\n".indexOf(value.charAt(i + 1)) >= 0) {
        i++;
      }
    }
    return out.toString();
  }

  /** The index of the CRLF or LF that ends the line, or the end. */
  private int lineEnd(int lineFrom) {
    int i = lineFrom;
    while (i < end && bytes[i] != '\n') {
      i++;
    }
    return i < end && i > lineFrom && bytes[i - 1] == '\r' ? i - 1 : i;
  }

  private int next(int lineTo) {
    int i = lineTo;
    if (i < end && bytes[i] == '\r') {
      i++;
    }
    return Math.min(i + 1, end);
  }

  private static boolean isSpace(byte b) {
    return b == ' ' || b == '\t';
  }

  private static boolean isSpaceOrEnd(byte b) {
    return b == ' ' || b == '\t' || b == '\r' || b == '\n';
  }
}
