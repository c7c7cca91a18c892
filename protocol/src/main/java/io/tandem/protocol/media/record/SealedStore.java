package io.tandem.protocol.media.record;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;

/**
 * A file that is encrypted as it grows (PRV-5, TEL-7): AES-256-GCM in chunks, so that a killed node
 * leaves every finished chunk readable. {@code magic, nonce prefix, (length, ciphertext with
 * tag)*}; each chunk's nonce is prefix and counter, its additional data says whether it is the
 * last, so chunks cannot be exchanged, left out or cut off unnoticed. A file has a prefix of its
 * own; a key may serve many files.
 */
public final class SealedStore implements AudioStore {
  static final byte[] MAGIC = "TANDEM-SEALED-1\n".getBytes(StandardCharsets.US_ASCII);
  static final int PREFIX_OCTETS = 8;
  static final int TAG_OCTETS = 16;
  private static final int MAX_CHUNK_OCTETS = 1 << 20;

  private final FileChannel file;
  private final SecretKey key;
  private final byte[] prefix = new byte[PREFIX_OCTETS];
  private final ByteArrayOutputStream pending = new ByteArrayOutputStream();
  private int counter;

  SealedStore(Path path, SecretKey key, byte[] first) throws IOException {
    this.key = key;
    new SecureRandom().nextBytes(prefix);
    file = FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    write(ByteBuffer.wrap(MAGIC));
    write(ByteBuffer.wrap(prefix));
    append(first, first.length);
    settle();
  }

  @Override
  public void append(byte[] octets, int count) throws IOException {
    pending.write(octets, 0, count);
    if (pending.size() > MAX_CHUNK_OCTETS / 2) {
      settle();
    }
  }

  @Override
  public void settle() throws IOException {
    if (pending.size() > 0) {
      chunk(false);
    }
  }

  private void chunk(boolean last) throws IOException {
    try {
      Cipher cipher = cipher(Cipher.ENCRYPT_MODE, key, prefix, counter++, last);
      byte[] sealed = cipher.doFinal(pending.toByteArray());
      pending.reset();
      ByteBuffer out = ByteBuffer.allocate(4 + sealed.length).putInt(sealed.length).put(sealed);
      write(out.flip());
    } catch (GeneralSecurityException refused) {
      throw new IOException("a recording cannot be sealed", refused);
    }
  }

  private static Cipher cipher(int mode, SecretKey key, byte[] prefix, int number, boolean last)
      throws GeneralSecurityException {
    byte[] nonce = ByteBuffer.allocate(PREFIX_OCTETS + 4).put(prefix).putInt(number).array();
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(mode, key, new GCMParameterSpec(8 * TAG_OCTETS, nonce));
    cipher.updateAAD(MAGIC);
    cipher.updateAAD(new byte[] {(byte) (last ? 1 : 0)});
    return cipher;
  }

  private void write(ByteBuffer octets) throws IOException {
    while (octets.hasRemaining()) {
      file.write(octets);
    }
  }

  @Override
  public void close() throws IOException {
    chunk(true);
    file.force(true);
    file.close();
  }

  /**
   * Seals a whole file at once.
   *
   * @throws IOException when the file exists or cannot be made
   */
  public static void seal(Path path, SecretKey key, byte[] octets) throws IOException {
    new SealedStore(path, key, octets).close();
  }

  /**
   * What a sealed file holds.
   *
   * @param octets everything up to the first chunk that is missing, cut off or not authentic
   * @param complete whether the last chunk was there: false after a kill, or after tampering
   */
  public record Content(byte[] octets, boolean complete) {}

  /**
   * Opens a sealed file that is known to be small, whole; others are for {@link SealedReader}.
   *
   * @throws IOException when it cannot be read or is no sealed file
   */
  public static Content open(Path path, SecretKey key) throws IOException {
    ByteArrayOutputStream plain = new ByteArrayOutputStream();
    try (SealedReader in = SealedReader.open(path, key)) {
      try {
        in.transferTo(plain);
        return new Content(plain.toByteArray(), in.complete());
      } catch (SealedReader.Forged end) {
        return new Content(plain.toByteArray(), false);
      }
    }
  }

  /** Whether a chunk can be so long, its tag included. */
  static boolean isChunk(int octets) {
    return octets >= TAG_OCTETS && octets <= 2 * MAX_CHUNK_OCTETS;
  }

  /** A chunk's octets; empty when it is not authentic as that chunk. */
  static Optional<byte[]> unsealed(
      SecretKey key, byte[] prefix, int number, boolean last, byte[] sealed) {
    try {
      return Optional.of(cipher(Cipher.DECRYPT_MODE, key, prefix, number, last).doFinal(sealed));
    } catch (GeneralSecurityException forged) {
      return Optional.empty();
    }
  }
}
