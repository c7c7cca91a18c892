package io.tandem.ops.run;

import io.tandem.node.boot.CannotStart;
import io.tandem.node.boot.SettingsException;
import java.io.PrintWriter;
import java.util.Optional;

/** Why a node did not start, in words for the person who can mend it. */
public final class Excuse {
  /** Exit code of a command that could not begin. */
  public static final int CANNOT_BEGIN = 2;

  private Excuse() {}

  /**
   * The words for a failure that a person can mend; empty for a mistake of ours, which deserves its
   * stack trace.
   */
  public static Optional<String> of(Throwable failure) {
    for (Throwable at = failure; at != null; at = at.getCause()) {
      if (at instanceof SettingsException wrong) {
        return Optional.of(
            wrong.getMessage() + "\nEvery key with its default and meaning: tandem run --keys");
      }
      if (at instanceof CannotStart reason) {
        return Optional.of(reason.getMessage() + hint(String.valueOf(reason.getMessage())));
      }
    }
    return Optional.empty();
  }

  private static String hint(String message) {
    if (message.contains("in use") || message.contains("already")) {
      return "\nAnother program has it: end that one, or choose another port for this key (0 takes a free one).";
    }
    if (message.contains("newer build")) {
      return "\nRun the newer build on it, or give this node another database.";
    }
    return "";
  }

  /**
   * Tells the excuse, if there is one.
   *
   * @return {@link #CANNOT_BEGIN}
   * @throws RuntimeException the failure itself, where a person cannot mend it
   */
  public static int tell(RuntimeException failure, PrintWriter err) {
    String words = of(failure).orElseThrow(() -> failure);
    err.println("tandem: " + words);
    return CANNOT_BEGIN;
  }
}
