package io.tandem.persistence.journal.keys;

import io.tandem.persistence.journal.JournalException;
import io.tandem.persistence.journal.JournalException.Fault;
import io.tandem.persistence.journal.KeyId;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * The key from the configuration under which data keys are wrapped (AES-256-GCM): the store alone,
 * or the configuration alone, opens nothing.
 */
public final class MasterKey {

  private static final int NONCE_BYTES = 12;
  private static final int TAG_BITS = 128;
  private static final SecureRandom RANDOM = new SecureRandom();

  private final SecretKey key;

  /**
   * @param secret 32 random bytes
   */
  public MasterKey(byte[] secret) {
    if (secret.length != DataKey.BYTES) {
      throw new IllegalArgumentException("a master key has 32 bytes, not " + secret.length);
    }
    key = new SecretKeySpec(secret, "AES");
  }

  byte[] wrap(DataKey dataKey) {
    byte[] nonce = new byte[NONCE_BYTES];
    RANDOM.nextBytes(nonce);
    try {
      byte[] wrapped =
          cipher(Cipher.ENCRYPT_MODE, nonce, dataKey.id()).doFinal(dataKey.key().getEncoded());
      byte[] out = Arrays.copyOf(nonce, NONCE_BYTES + wrapped.length);
      System.arraycopy(wrapped, 0, out, NONCE_BYTES, wrapped.length);
      return out;
    } catch (GeneralSecurityException e) {
      throw new JournalException(Fault.UNWRITABLE, "wrapping " + dataKey, e);
    }
  }

  DataKey unwrap(KeyId id, byte[] wrapped) {
    try {
      byte[] nonce = Arrays.copyOf(wrapped, NONCE_BYTES);
      return DataKey.of(
          id,
          cipher(Cipher.DECRYPT_MODE, nonce, id)
              .doFinal(wrapped, NONCE_BYTES, wrapped.length - NONCE_BYTES));
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw new JournalException(
          Fault.UNKNOWN_KEY, "the configured master key does not open data key " + id, e);
    }
  }

  private Cipher cipher(int mode, byte[] nonce, KeyId id) throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
    cipher.updateAAD(id.toString().getBytes(StandardCharsets.US_ASCII));
    return cipher;
  }

  @Override
  public String toString() {
    return "MasterKey";
  }
}
