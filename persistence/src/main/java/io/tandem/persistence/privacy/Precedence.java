package io.tandem.persistence.privacy;

import io.tandem.persistence.journal.DataClass;
import java.time.Instant;
import java.util.Collection;
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
   * Decides the erasure of a class of a person's data.
   *
   * @param statutory until when the law keeps it; null where it does not
   */
  public static Verdict decide(
      String subject,
      DataClass dataClass,
      Collection<Hold> holds,
      @Nullable Instant statutory,
      Instant now) {
    boolean held =
        holds.stream()
            .anyMatch(
                hold ->
                    hold.subject().equals(subject)
                        && (hold.dataClass() == null || hold.dataClass() == dataClass));
    if (held) {
      return new Verdict.Held();
    }
    return statutory != null && statutory.isAfter(now)
        ? new Verdict.Statutory(statutory)
        : new Verdict.Erase();
  }
}
