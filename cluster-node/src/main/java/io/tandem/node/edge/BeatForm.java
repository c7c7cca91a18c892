package io.tandem.node.edge;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How a heartbeat names its exceptions: a line a call, {@code S call_01J… 1795363200123} for one
 * that has been silent since then, {@code E …} for one that ended then. A call that is not named
 * was alive, with media, at the beat.
 */
public final class BeatForm {
  private BeatForm() {}

  /**
   * What a beat says of one call.
   *
   * @param ended over, else silent
   * @param since the last media, or the end
   */
  public record Word(boolean ended, Instant since) {}

  static byte[] write(Map<String, Word> exceptions) {
    StringBuilder lines = new StringBuilder(48 * exceptions.size());
    exceptions.forEach(
        (callId, exception) ->
            lines
                .append(exception.ended() ? 'E' : 'S')
                .append(' ')
                .append(callId)
                .append(' ')
                .append(exception.since().toEpochMilli())
                .append('\n'));
    return lines.toString().getBytes(StandardCharsets.US_ASCII);
  }

  /**
   * The exceptions by call; a line that cannot be read is passed by, for the others are proof all
   * the same.
   */
  public static Map<String, Word> read(byte[] calls) {
    Map<String, Word> exceptions = new LinkedHashMap<>();
    for (String line : new String(calls, StandardCharsets.US_ASCII).split("\n", -1)) {
      String[] words = line.split(" ", -1);
      if (words.length == 3 && words[2].matches("\\d{1,15}")) {
        exceptions.put(
            words[1],
            new Word(words[0].equals("E"), Instant.ofEpochMilli(Long.parseLong(words[2]))));
      }
    }
    return exceptions;
  }
}
