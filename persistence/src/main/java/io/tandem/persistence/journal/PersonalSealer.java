package io.tandem.persistence.journal;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Seals personal values for storage and opens them again; {@link AesGcmSealer} is the real one. */
public interface PersonalSealer {

  /**
   * Seals a value. Must not wait for a commit: it runs between a decision and its write.
   *
   * @param key the key it was read under, to be used again; null for a new value
   * @return empty where that key was destroyed meanwhile: the value is to be written as erased
   */
  Optional<Sealed> seal(String subject, DataClass dataClass, @Nullable KeyId key, byte[] clear);

  /**
   * Opens a stored value; empty where its key was destroyed.
   *
   * @throws JournalException UNKNOWN_KEY, UNAVAILABLE, or UNREADABLE where the bytes were tampered
   *     with
   */
  Optional<byte[]> open(String subject, DataClass dataClass, Sealed sealed);

  /** The key's name and the ciphertext with its nonce and tag. */
  record Sealed(KeyId key, byte[] bytes) {}
}
