package io.tandem.node.entity;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Holds a command against what was done under the same natural key: the same in every field is
 * <em>already done</em>, otherwise the first field that differs names the conflict.
 */
public final class Repetition {

  private @Nullable String differs;

  private Repetition() {}

  /** Begins with one field. */
  public static Repetition of(String field, @Nullable Object done, @Nullable Object asked) {
    return new Repetition().and(field, done, asked);
  }

  /** Goes on with another field. */
  public Repetition and(String field, @Nullable Object done, @Nullable Object asked) {
    if (differs == null && !(done == null ? asked == null : done.equals(asked))) {
      differs = field;
    }
    return this;
  }

  /** The first field that differs; empty where it is the same. */
  public Optional<String> conflict() {
    return Optional.ofNullable(differs);
  }
}
