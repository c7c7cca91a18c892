package io.tandem.persistence.privacy;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;

/**
 * An order to listen in (CMP-7): calls from and to a number, for a while.
 *
 * @param request the number of the note that asks for it
 * @param caseId of the court or authority
 * @param blind the number's blind name
 * @param from the first instant of the period
 * @param to the first instant after it
 */
public record Interception(long request, String caseId, String blind, Instant from, Instant to) {
  private static final String WORD = "intercept";

  /** What a note that asks for one says it is about. */
  public static String about(String blind, Instant from, Instant to) {
    return String.join(" ", WORD, blind, from.toString(), to.toString());
  }

  /** The order that a note asks for; empty where it asks for something else. */
  public static Optional<Interception> of(Disclosure asked) {
    String[] words = asked.about().split(" ");
    if (asked.step() != Disclosure.Step.REQUESTED || words.length != 4 || !words[0].equals(WORD)) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new Interception(
              asked.number(),
              asked.caseId(),
              words[1],
              Instant.parse(words[2]),
              Instant.parse(words[3])));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  /** Whether its period has begun and is not over. */
  public boolean holds(Instant now) {
    return !now.isBefore(from) && now.isBefore(to);
  }
}
