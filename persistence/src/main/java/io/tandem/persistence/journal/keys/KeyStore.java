package io.tandem.persistence.journal.keys;

import io.tandem.persistence.journal.DataClass;
import io.tandem.persistence.journal.JournalException;
import io.tandem.persistence.journal.KeyId;
import java.util.Optional;

/**
 * Data keys by person, class and period; destroying one erases all that was sealed under it.
 *
 * <p>The stored event names its key, so who a key is for is a convenience of this store and can be
 * rebuilt from the journal with {@link #adopt}. Two nodes may give one person two keys for a
 * period: {@link #destroy} takes both.
 */
public interface KeyStore extends AutoCloseable {

  /**
   * The key to seal new data under. Does not wait for a commit: keys are made durable in blocks
   * ahead of use, and the assignment is written behind.
   *
   * @param period when the data came about, coarse: {@code 2026-11}
   * @throws JournalException UNAVAILABLE where no key made ahead is left and none can be made
   */
  DataKey keyFor(String subject, DataClass dataClass, String period);

  /**
   * The key of a stored value; empty where it was destroyed.
   *
   * @throws JournalException UNKNOWN_KEY where there never was such a key, UNAVAILABLE
   */
  Optional<DataKey> find(KeyId id);

  /** Notes that a key found in the journal is this person's; may be said again. */
  void adopt(KeyId id, String subject, DataClass dataClass, String period);

  /**
   * Destroys every key of a person in a class, durably, before it returns.
   *
   * @return how many there were
   */
  int destroy(String subject, DataClass dataClass);

  /** As {@link #destroy(String, DataClass)}, for one period only: retention. */
  int destroy(String subject, DataClass dataClass, String period);

  /** Writes whose keys are that are still to be noted; durable when it returns. */
  default void flush() {}

  /** Writes what is still to be written and lets go of the keys in memory. */
  @Override
  void close();
}
