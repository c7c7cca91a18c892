package io.tandem.persistence.journal.keys;

import io.tandem.persistence.journal.DataClass;
import io.tandem.persistence.journal.JournalException;
import io.tandem.persistence.journal.JournalException.Fault;
import io.tandem.persistence.journal.KeyId;
import io.tandem.persistence.journal.PersonalSealer;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import org.jspecify.annotations.Nullable;

/**
 * AES-256-GCM (NIST SP 800-38D): a 96-bit nonce, the ciphertext, a 128-bit tag. Subject and class
 * are authenticated with it, so that a stored value cannot be moved to another person.
 */
public final class AesGcmSealer implements PersonalSealer {

  private static final int NONCE_BYTES = 12;
  private static final int TAG_BITS = 128;
  private static final int IDLE_MAX = 16;

  private final KeyStore keys;
  private final InstantSource clock;

  /**
   * Nonces are a random 64-bit start of this process and a count, per SP 800-38D 8.2.1: they never
   * repeat within a process, and two processes under one key collide with negligible probability.
   */
  private final long nonceStart = new SecureRandom().nextLong();

  private final AtomicLong nonceCount = new AtomicLong();

  /** Ciphers that have done their work; one that failed is not used again. */
  private final Queue<Cipher> idle = new ArrayBlockingQueue<>(IDLE_MAX);

  public AesGcmSealer(KeyStore keys, InstantSource clock) {
    this.keys = keys;
    this.clock = clock;
  }

  @Override
  public Optional<Sealed> seal(
      String subject, DataClass dataClass, @Nullable KeyId key, byte[] clear) {
    Optional<DataKey> found =
        key == null ? Optional.of(keys.keyFor(subject, dataClass, periodNow())) : keys.find(key);
    return found.map(under -> new Sealed(under.id(), encrypt(under, subject, dataClass, clear)));
  }

  @Override
  public Optional<byte[]> open(String subject, DataClass dataClass, Sealed sealed) {
    return keys.find(sealed.key()).map(key -> decrypt(key, subject, dataClass, sealed.bytes()));
  }

  /** The calendar month (UTC): erasure by retention works in whole months. */
  private String periodNow() {
    return YearMonth.from(clock.instant().atZone(ZoneOffset.UTC)).toString();
  }

  private byte[] encrypt(DataKey key, String subject, DataClass dataClass, byte[] clear) {
    long count = nonceCount.getAndIncrement();
    byte[] nonce =
        ByteBuffer.allocate(NONCE_BYTES)
            .putLong(nonceStart + (count >>> Integer.SIZE))
            .putInt((int) count)
            .array();
    try {
      Cipher cipher = cipher(Cipher.ENCRYPT_MODE, key, nonce, subject, dataClass);
      byte[] out = Arrays.copyOf(nonce, NONCE_BYTES + cipher.getOutputSize(clear.length));
      cipher.doFinal(clear, 0, clear.length, out, NONCE_BYTES);
      boolean unused = idle.offer(cipher);
      return out;
    } catch (GeneralSecurityException e) {
      throw new JournalException(Fault.UNWRITABLE, "sealing under " + key, e);
    }
  }

  private byte[] decrypt(DataKey key, String subject, DataClass dataClass, byte[] bytes) {
    try {
      byte[] nonce = Arrays.copyOf(bytes, NONCE_BYTES);
      Cipher cipher = cipher(Cipher.DECRYPT_MODE, key, nonce, subject, dataClass);
      byte[] clear = cipher.doFinal(bytes, NONCE_BYTES, bytes.length - NONCE_BYTES);
      boolean unused = idle.offer(cipher);
      return clear;
    } catch (AEADBadTagException e) {
      throw new JournalException(
          Fault.UNREADABLE, "a sealed value was changed, or is not under " + key, e);
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw new JournalException(Fault.UNREADABLE, "no sealed value under " + key, e);
    }
  }

  private Cipher cipher(int mode, DataKey key, byte[] nonce, String subject, DataClass dataClass)
      throws GeneralSecurityException {
    Cipher known = idle.poll();
    Cipher cipher = known == null ? Cipher.getInstance("AES/GCM/NoPadding") : known;
    cipher.init(mode, key.key(), new GCMParameterSpec(TAG_BITS, nonce));
    cipher.updateAAD(subject.getBytes(StandardCharsets.UTF_8));
    cipher.updateAAD(new byte[] {0, (byte) dataClass.code()});
    return cipher;
  }
}
