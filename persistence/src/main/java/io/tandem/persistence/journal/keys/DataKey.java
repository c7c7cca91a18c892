package io.tandem.persistence.journal.keys;

import io.tandem.persistence.journal.KeyId;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/** An unwrapped AES-256 key and its name; lives in memory only. */
public record DataKey(KeyId id, SecretKey key) {

  static final int BYTES = 32;

  static DataKey of(KeyId id, byte[] secret) {
    return new DataKey(id, new SecretKeySpec(secret, "AES"));
  }

  @Override
  public String toString() {
    return "DataKey " + id;
  }
}
