package io.tandem.persistence.journal;

import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A value about a person: clear in memory, sealed in stored bytes, gone once its key is destroyed.
 *
 * <p>The codec seals and opens it; nothing else sees ciphertext. {@code toString} never shows the
 * value, so an event can be logged. A value whose key was destroyed reads back as {@link Erased}
 * and everything that folds it must take that.
 *
 * @param <T> a type the codec can write, mostly {@code String}
 */
public sealed interface Personal<T> {

  /** Whom it is about, blinded: {@code person:} and a keyed hash. */
  String subject();

  /** What kind of data it is. */
  DataClass dataClass();

  /** The value, empty once erased. */
  Optional<T> value();

  /** A clear value about {@code subject}. */
  static <T> Personal<T> of(String subject, DataClass dataClass, T value) {
    return new Clear<>(subject, dataClass, value, null);
  }

  /** A value that can be read. */
  final class Clear<T> implements Personal<T> {
    private final String subject;
    private final DataClass dataClass;
    private final T value;

    /**
     * The key it was read under: a snapshot seals it under the same one, so that it dies with it.
     */
    private final @Nullable KeyId key;

    Clear(String subject, DataClass dataClass, T value, @Nullable KeyId key) {
      this.subject = Objects.requireNonNull(subject);
      this.dataClass = Objects.requireNonNull(dataClass);
      this.value = Objects.requireNonNull(value);
      this.key = key;
    }

    @Override
    public String subject() {
      return subject;
    }

    @Override
    public DataClass dataClass() {
      return dataClass;
    }

    @Override
    public Optional<T> value() {
      return Optional.of(value);
    }

    @Nullable KeyId key() {
      return key;
    }

    /** By subject, class and value: the key is storage, so a fold equals its replay. */
    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Clear<?> that
          && subject.equals(that.subject)
          && dataClass == that.dataClass
          && value.equals(that.value);
    }

    @Override
    public int hashCode() {
      return Objects.hash(subject, dataClass, value);
    }

    @Override
    public String toString() {
      return "‹" + dataClass + "›";
    }
  }

  /** What is left of a value whose key is gone. */
  record Erased<T>(String subject, DataClass dataClass) implements Personal<T> {
    @Override
    public Optional<T> value() {
      return Optional.empty();
    }

    @Override
    public String toString() {
      return "‹" + dataClass + " erased›";
    }
  }
}
