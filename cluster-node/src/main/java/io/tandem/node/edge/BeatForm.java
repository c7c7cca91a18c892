package io.tandem.node.edge;

import com.github.f4b6a3.ulid.Ulid;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How a heartbeat names its exceptions: the calls that have been silent since an instant, and those
 * that ended then. A call that is not named was alive, with media, at the beat.
 *
 * <p>A row is written more often than every second, so it is short: a byte for the form, then for
 * each call a byte of marks, the sixteen bytes of its id, and how many milliseconds after the id's
 * own time it was. An id of another shape is spelled out.
 */
public final class BeatForm {

  private static final byte FORM = 2;
  private static final String PREFIX = "call_";
  private static final int ENDED = 1;
  private static final int SPELLED = 2;

  /** Marks, an id, and a difference of times: at most. */
  private static final int ENTRY_MAX = 1 + Ulid.ULID_BYTES + 10;

  private BeatForm() {}

  /**
   * What a beat says of one call.
   *
   * @param ended over, else silent
   * @param since the last media, or the end; to the millisecond
   */
  public record Word(boolean ended, Instant since) {}

  static byte[] write(Map<String, Word> exceptions) {
    if (exceptions.isEmpty()) {
      return new byte[0];
    }
    int spelled = 0;
    for (String callId : exceptions.keySet()) {
      spelled += isTimed(callId) ? 0 : 3 * callId.length() + Integer.BYTES;
    }
    ByteBuffer row = ByteBuffer.allocate(1 + exceptions.size() * ENTRY_MAX + spelled);
    row.put(FORM);
    exceptions.forEach((callId, word) -> put(row, callId, word));
    byte[] bytes = new byte[row.position()];
    row.flip().get(bytes);
    return bytes;
  }

  private static void put(ByteBuffer row, String callId, Word word) {
    int marks = word.ended() ? ENDED : 0;
    long millis = word.since().toEpochMilli();
    if (isTimed(callId)) {
      Ulid ulid = Ulid.from(callId.substring(PREFIX.length()));
      row.put((byte) marks).put(ulid.toBytes());
      putDifference(row, millis - ulid.getTime());
    } else {
      byte[] id = callId.getBytes(StandardCharsets.UTF_8);
      row.put((byte) (marks | SPELLED)).putInt(id.length).put(id);
      putDifference(row, millis);
    }
  }

  /** Whether the sixteen bytes say it all: an id in the one spelling that is made here. */
  private static boolean isTimed(String callId) {
    if (!callId.startsWith(PREFIX) || callId.length() != PREFIX.length() + Ulid.ULID_CHARS) {
      return false;
    }
    String text = callId.substring(PREFIX.length());
    return Ulid.isValid(text) && Ulid.from(text).toString().equals(text);
  }

  /**
   * The exceptions by call. Of a row that breaks off, those before: they are proof all the same.
   */
  public static Map<String, Word> read(byte[] calls) {
    Map<String, Word> exceptions = new LinkedHashMap<>();
    if (calls.length == 0 || calls[0] != FORM) {
      return exceptions;
    }
    ByteBuffer row = ByteBuffer.wrap(calls, 1, calls.length - 1);
    try {
      while (row.hasRemaining()) {
        take(row, exceptions);
      }
    } catch (BufferUnderflowException brokenOff) {
      return exceptions;
    }
    return exceptions;
  }

  private static void take(ByteBuffer row, Map<String, Word> exceptions) {
    int marks = row.get();
    String callId;
    long base;
    if ((marks & SPELLED) == 0) {
      byte[] bytes = new byte[Ulid.ULID_BYTES];
      row.get(bytes);
      Ulid ulid = Ulid.from(bytes);
      callId = PREFIX + ulid;
      base = ulid.getTime();
    } else {
      int length = row.getInt();
      if (length < 0 || length > row.remaining()) {
        throw new BufferUnderflowException();
      }
      byte[] id = new byte[length];
      row.get(id);
      callId = new String(id, StandardCharsets.UTF_8);
      base = 0;
    }
    Instant since = Instant.ofEpochMilli(base + difference(row));
    exceptions.put(callId, new Word((marks & ENDED) != 0, since));
  }

  /** Small numbers of either sign in few bytes: zigzag, then seven bits a byte, low ones first. */
  private static void putDifference(ByteBuffer row, long difference) {
    long left = (difference << 1) ^ (difference >> 63);
    while ((left & ~0x7FL) != 0) {
      row.put((byte) ((left & 0x7F) | 0x80));
      left >>>= 7;
    }
    row.put((byte) left);
  }

  private static long difference(ByteBuffer row) {
    long read = 0;
    for (int shift = 0; shift < Long.SIZE; shift += 7) {
      int next = row.get();
      read |= (long) (next & 0x7F) << shift;
      if (next >= 0) {
        break;
      }
    }
    return (read >>> 1) ^ -(read & 1);
  }
}
