package io.tandem.protocol.media.record;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import javax.crypto.SecretKey;

/**
 * What a {@link SealedStore} holds, chunk by chunk, however long it is: one chunk is in memory. How
 * many octets there are is known at once, by the chunks' lengths; whether each is authentic is seen
 * when it is its turn. Of a file that is still written, what was there when it was opened. A WAV in
 * it gets the sizes of what is there. Waits for a disk; one thread at a time.
 */
public final class SealedReader extends InputStream {
  private final SeekableByteChannel file;
  private final SecretKey key;
  private final byte[] prefix;
  private final boolean complete;
  private long octets;
  private int chunks;
  private int number;
  private byte[] chunk = new byte[0];
  private int taken;

  /** A chunk is not what was written there: changed, exchanged, or sealed with another key. */
  public static final class Forged extends IOException {
    private static final long serialVersionUID = 1L;

    private Forged(int chunk) {
      super("chunk " + chunk + " of a sealed recording is not authentic");
    }
  }

  private SealedReader(SeekableByteChannel file, SecretKey key) throws IOException {
    this.file = file;
    this.key = key;
    byte[] magic = part(SealedStore.MAGIC.length);
    this.prefix = part(SealedStore.PREFIX_OCTETS);
    if (!Arrays.equals(magic, SealedStore.MAGIC) || prefix.length < SealedStore.PREFIX_OCTETS) {
      throw new IOException("no sealed recording");
    }
    long begin = file.position();
    this.complete = isComplete(counted());
    file.position(begin);
  }

  /**
   * Opens a sealed file, which may be moved or deleted from then on.
   *
   * @throws IOException when it cannot be read or is no sealed file
   */
  public static SealedReader open(Path path, SecretKey key) throws IOException {
    return of(Files.newByteChannel(path, StandardOpenOption.READ), key);
  }

  /** The same; it is closed with this, and when it is no sealed file. */
  static SealedReader of(SeekableByteChannel file, SecretKey key) throws IOException {
    try {
      return new SealedReader(file, key);
    } catch (IOException refused) {
      file.close();
      throw refused;
    }
  }

  /** Whether the last chunk is there: false while it is written, and where its end was lost. */
  public boolean complete() {
    return complete;
  }

  /** Of all that can be read here. */
  public long octets() {
    return octets;
  }

  /** Adds up what lies there; the last chunk's beginning. */
  private long counted() throws IOException {
    long end = file.size();
    long last = file.position();
    for (long at = last; at + 4 <= end; ) {
      file.position(at);
      int length = length();
      if (!SealedStore.isChunk(length) || at + 4 + length > end) {
        break;
      }
      octets += length - SealedStore.TAG_OCTETS;
      chunks++;
      last = at;
      at += 4 + length;
    }
    return last;
  }

  private int length() throws IOException {
    byte[] length = part(4);
    return length.length < 4 ? 0 : ByteBuffer.wrap(length).getInt();
  }

  /** A last chunk that is none, and not the next one either, was half written: it is left out. */
  private boolean isComplete(long lastAt) throws IOException {
    if (chunks == 0) {
      return false;
    }
    file.position(lastAt);
    byte[] sealed = sealed();
    if (SealedStore.unsealed(key, prefix, chunks - 1, true, sealed).isPresent()) {
      return true;
    }
    if (SealedStore.unsealed(key, prefix, chunks - 1, false, sealed).isEmpty()) {
      chunks--;
      octets -= sealed.length - SealedStore.TAG_OCTETS;
    }
    return false;
  }

  private byte[] sealed() throws IOException {
    return part(length());
  }

  /** So many octets, fewer at the end of the file. */
  private byte[] part(int count) throws IOException {
    ByteBuffer in = ByteBuffer.allocate(count);
    while (in.hasRemaining() && file.read(in) >= 0) {
      // on, until all is there
    }
    return Arrays.copyOf(in.array(), in.position());
  }

  private boolean isAtEnd() throws IOException {
    while (taken == chunk.length) {
      if (number == chunks) {
        return true;
      }
      boolean last = complete && number == chunks - 1;
      int at = number;
      chunk =
          SealedStore.unsealed(key, prefix, at, last, sealed()).orElseThrow(() -> new Forged(at));
      taken = 0;
      if (number == 0) {
        sized(chunk);
      }
      number++;
    }
    return false;
  }

  /** Ogg needs none. */
  private void sized(byte[] first) {
    if (first.length >= WavStore.HEADER_OCTETS && first[0] == 'R') {
      WavStore.sizes(ByteBuffer.wrap(first), octets - WavStore.HEADER_OCTETS);
    }
  }

  @Override
  public int read(byte[] into, int at, int count) throws IOException {
    if (count == 0) {
      return 0;
    }
    if (isAtEnd()) {
      return -1;
    }
    int given = Math.min(count, chunk.length - taken);
    System.arraycopy(chunk, taken, into, at, given);
    taken += given;
    return given;
  }

  @Override
  public int read() throws IOException {
    return isAtEnd() ? -1 : chunk[taken++] & 0xff;
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
