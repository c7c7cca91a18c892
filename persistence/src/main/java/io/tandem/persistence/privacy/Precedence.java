package io.tandem.persistence.privacy;

import io.tandem.persistence.journal.DataClass;
import java.time.Instant;
import java.util.Collection;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What goes first (PRV-9): a legal hold keeps everything it covers; else a statutory period keeps
 * its class alone; else erasure applies at once. Pure.
 */
public final class Precedence {

  private Precedence() {}

  /**
   * A legal hold on a person.
   *
   * @param dataClass what it covers; null for everything
   */
  public record Hold(String subject, @Nullable DataClass dataClass) {}

  /** What becomes of a class of a person's data. */
  public sealed interface Verdict {
    /** It goes now. */
    record Erase() implements Verdict {}

    /** A court or an authority wants it kept. */
    record Held() implements Verdict {}

    /** The law wants it kept until then; it goes afterwards. */
    record Statutory(Instant until) implements Verdict {}
  }

  /**
   * Decides an erasure.
   *
   * @param asked the classes to be erased
   * @param statutory until when the law keeps a class of this person's; a class that is not there
   *     is not kept
   */
  public static Map<DataClass, Verdict> decide(
      String subject,
      Collection<DataClass> asked,
      Collection<Hold> holds,
      Map<DataClass, Instant> statutory,
      Instant now) {
    Map<DataClass, Verdict> verdicts = new EnumMap<>(DataClass.class);
    for (DataClass each : asked) {
      boolean held =
          holds.stream()
              .anyMatch(
                  hold ->
                      hold.subject().equals(subject)
                          && (hold.dataClass() == null || hold.dataClass() == each));
      Instant until = statutory.get(each);
      if (held) {
        verdicts.put(each, new Verdict.Held());
      } else if (until != null && until.isAfter(now)) {
        verdicts.put(each, new Verdict.Statutory(until));
      } else {
        verdicts.put(each, new Verdict.Erase());
      }
    }
    return verdicts;
  }
}
