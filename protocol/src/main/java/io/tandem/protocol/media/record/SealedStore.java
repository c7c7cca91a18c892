package io.tandem.protocol.media.record;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
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
  private static final byte[] MAGIC = "TANDEM-SEALED-1\n".getBytes(StandardCharsets.US_ASCII);
  private static final int PREFIX_OCTETS = 8;
  private static final int TAG_BITS = 128;
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
    cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
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
   * Opens a sealed file. A WAV in it gets the sizes of what is there.
   *
   * @throws IOException when it cannot be read or is no sealed file
   */
  public static Content open(Path path, SecretKey key) throws IOException {
    ByteBuffer in = ByteBuffer.wrap(Files.readAllBytes(path));
    byte[] magic = new byte[MAGIC.length];
    byte[] prefix = new byte[PREFIX_OCTETS];
    if (in.remaining() < magic.length + prefix.length) {
      throw new IOException("no sealed recording");
    }
    in.get(magic).get(prefix);
    if (!Arrays.equals(magic, MAGIC)) {
      throw new IOException("no sealed recording");
    }
    ByteArrayOutputStream plain = new ByteArrayOutputStream();
    boolean complete = false;
    for (int number = 0; !complete && in.remaining() >= 4; number++) {
      int length = in.getInt();
      if (length < TAG_BITS / 8 || length > 2 * MAX_CHUNK_OCTETS || length > in.remaining()) {
        break;
      }
      byte[] sealed = new byte[length];
      in.get(sealed);
      byte[] opened = unseal(key, prefix, number, false, sealed);
      if (opened.length == 0) {
        opened = unseal(key, prefix, number, true, sealed);
        complete = opened.length > 0 || isEmptyLast(key, prefix, number, sealed);
        if (!complete) {
          break;
        }
      }
      plain.writeBytes(opened);
    }
    return new Content(withSizes(plain.toByteArray()), complete);
  }

  private static boolean isEmptyLast(SecretKey key, byte[] prefix, int number, byte[] sealed) {
    try {
      return cipher(Cipher.DECRYPT_MODE, key, prefix, number, true).doFinal(sealed).length == 0;
    } catch (GeneralSecurityException forged) {
      return false;
    }
  }

  /** The chunk's octets, none when it is not authentic as that chunk. */
  private static byte[] unseal(
      SecretKey key, byte[] prefix, int number, boolean last, byte[] sealed) {
    try {
      return cipher(Cipher.DECRYPT_MODE, key, prefix, number, last).doFinal(sealed);
    } catch (GeneralSecurityException forged) {
      return new byte[0];
    }
  }

  /** Ogg needs none. */
  private static byte[] withSizes(byte[] wav) {
    if (wav.length >= WavStore.HEADER_OCTETS && wav[0] == 'R') {
      ByteBuffer header = ByteBuffer.wrap(wav).order(ByteOrder.LITTLE_ENDIAN);
      header.putInt(4, wav.length - 8);
      header.putInt(WavStore.HEADER_OCTETS - 4, wav.length - WavStore.HEADER_OCTETS);
    }
    return wav;
  }
}
