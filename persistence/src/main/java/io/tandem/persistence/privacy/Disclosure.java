package io.tandem.persistence.privacy;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * One step of giving out somebody's data by law (CMP-7). As text, a line each, to be signed;
 * nothing in it names a person.
 *
 * @param number its place, from 1
 * @param step what was done
 * @param request the number of the request that it is a step of; its own for a request
 * @param caseId of the court or authority
 * @param by the officer, or the log itself for what was made
 * @param about whose data, by a blind name or an id, and of when; or what was made, by its hash
 * @param reason in words
 * @param previous hash of the note before, in hexadecimal digits; empty for the first
 */
public record Disclosure(
    long number,
    Step step,
    long request,
    String caseId,
    Instant at,
    String by,
    String about,
    String reason,
    String previous) {

  /** What was done. */
  public enum Step {
    REQUESTED,
    APPROVED,
    MADE,
    /** An order to listen in ends before its time. */
    WITHDRAWN,
    /** A call has come under an order to listen in. */
    STARTED,
    /** It is no longer under it. */
    STOPPED
  }

  private static final String HEADING = "tandem disclosure 1";
  private static final Pattern CASE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9 ./_:-]{0,99}");

  /** Refuses a case without a usable id, and a step without a reason. */
  public Disclosure {
    if (!CASE.matcher(caseId).matches()) {
      throw new IllegalArgumentException(
          "a case's id is letters, digits, spaces and ./_:-, at most 100");
    }
    if (reason.isBlank()) {
      throw new IllegalArgumentException("a reason is needed");
    }
  }

  String text() {
    return String.join(
            "\n",
            HEADING,
            "number " + number,
            "step " + step,
            "request " + request,
            "case " + caseId,
            "at " + at,
            "by " + by,
            "about " + quoted(about),
            "reason " + quoted(reason),
            "previous " + previous)
        + "\n";
  }

  static Disclosure parse(String text) {
    Map<String, String> lines = new LinkedHashMap<>();
    List<String> all = text.lines().toList();
    for (String line : all.subList(Math.min(1, all.size()), all.size())) {
      int space = line.indexOf(' ');
      lines.put(line.substring(0, Math.max(0, space)), line.substring(space + 1));
    }
    try {
      Disclosure read =
          new Disclosure(
              Long.parseLong(lines.getOrDefault("number", "")),
              Step.valueOf(lines.getOrDefault("step", "")),
              Long.parseLong(lines.getOrDefault("request", "")),
              lines.getOrDefault("case", ""),
              Instant.parse(lines.getOrDefault("at", "")),
              lines.getOrDefault("by", ""),
              unquoted(lines.getOrDefault("about", "")),
              unquoted(lines.getOrDefault("reason", "")),
              lines.getOrDefault("previous", ""));
      if (!read.text().equals(text)) {
        throw new IllegalArgumentException("it is not the form of a disclosure");
      }
      return read;
    } catch (DateTimeException e) {
      throw new IllegalArgumentException("it has no time", e);
    }
  }

  private static String quoted(String words) {
    return words.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A");
  }

  private static String unquoted(String line) {
    return line.replace("%0A", "\n").replace("%0D", "\r").replace("%25", "%");
  }
}
