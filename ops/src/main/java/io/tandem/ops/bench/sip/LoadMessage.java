package io.tandem.ops.bench.sip;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What {@link Load} has to see of a message, found in one pass over its octets: where the lines are
 * that an answer repeats, and what it is.
 */
final class LoadMessage {
  static final byte[] BRANCH = LoadTexts.ascii(";branch=z9hG4bK");
  private static final byte[] TAG = LoadTexts.ascii(";tag=");
  private static final byte[] RESPONSE = LoadTexts.ascii("SIP/2.0 ");
  private static final byte[] CALL_ID = LoadTexts.ascii("Call-ID: ");
  private static final byte[] BYE = LoadTexts.ascii("BYE");

  /** The headers that matter, by how this load and the server write their names. */
  enum Line {
    VIA("Via: "),
    FROM("From: "),
    TO("To: "),
    CALL_ID("Call-ID: "),
    CSEQ("CSeq: ");

    final byte[] name;

    Line(String name) {
      this.name = LoadTexts.ascii(name);
    }
  }

  private static final Line[] LINES = Line.values();

  private final byte[] bytes = new byte[4_096];
  private final int[] begins = new int[LINES.length];
  private final int[] ends = new int[LINES.length];
  private int length;

  /** Where the next is to be put. */
  byte[] bytes() {
    return bytes;
  }

  /** The octets have changed. */
  void look(int newLength) {
    length = newLength;
    Arrays.fill(begins, 0);
    Arrays.fill(ends, 0);
    int line = next(0);
    while (line < length && bytes[line] != '\r') {
      int end = next(line);
      for (Line each : LINES) {
        if (begins[each.ordinal()] == 0 && startsWith(line, each.name)) {
          begins[each.ordinal()] = line;
          ends[each.ordinal()] = end;
          break;
        }
      }
      line = end;
    }
  }

  private int next(int from) {
    int at = from;
    while (at < length && bytes[at] != '\n') {
      at++;
    }
    return Math.min(length, at + 1);
  }

  private boolean startsWith(int at, byte[] prefix) {
    return at + prefix.length <= length
        && Arrays.equals(bytes, at, at + prefix.length, prefix, 0, prefix.length);
  }

  int begin(Line line) {
    return begins[line.ordinal()];
  }

  /** Behind its line end. */
  int end(Line line) {
    return ends[line.ordinal()];
  }

  boolean isResponse() {
    return startsWith(0, RESPONSE);
  }

  /** The first digit of a response's status. */
  char statusClass() {
    return (char) bytes[RESPONSE.length];
  }

  boolean is(byte[] method) {
    return startsWith(0, method);
  }

  /** Whether a response is one to a BYE. */
  boolean isOfBye() {
    int end = end(Line.CSEQ) - 2;
    return end > BYE.length && startsWith(end - BYE.length, BYE);
  }

  /** The number of the call that a message of ours or an answer to it belongs to; -1 for others. */
  int number() {
    int number = 0;
    int at = begin(Line.CALL_ID) + CALL_ID.length;
    int end = end(Line.CALL_ID);
    if (begin(Line.CALL_ID) == 0) {
      return -1;
    }
    while (at < end && bytes[at] != '@') {
      int digit = bytes[at++] - '0';
      if (digit < 0 || digit > 9 || number > 100_000_000) {
        return -1;
      }
      number = number * 10 + digit;
    }
    return at == end ? -1 : number;
  }

  /** The To tag; null without one. */
  byte @Nullable [] toTag() {
    int end = end(Line.TO) - 2;
    for (int at = begin(Line.TO); at < end; at++) {
      if (bytes[at] == ';' && startsWith(at, TAG)) {
        return Arrays.copyOfRange(bytes, at + TAG.length, end);
      }
    }
    return null;
  }
}
