package io.tandem.protocol.media.record;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * A recording that was kept as WAV as Ogg/Opus (TEL-14: downloads as WAV or Opus), encoded as it is
 * read: some seconds are in memory. A minute takes about half a second of a processor, and of the
 * processors at most half encode for downloads at a time, so that calls have the others. One thread
 * at a time.
 */
public final class OggOpus extends InputStream {
  private static final int RATE_OFFSET = 24;
  private static final int PIECE_OCTETS = 1 << 16;
  private static final int OCTETS_A_SAMPLE = 4;
  private static final Semaphore ENCODERS =
      new Semaphore(Math.max(1, Runtime.getRuntime().availableProcessors() / 2));

  private final InputStream wav;
  private final Pages pages = new Pages();
  private final int rateHz;
  private final int serial;
  private @Nullable OpusStore opus;
  private byte[] ready = new byte[0];
  private int taken;
  private boolean ended;

  /** Pages that were not read yet. */
  private static final class Pages implements AudioStore {
    final ByteArrayOutputStream octets = new ByteArrayOutputStream();

    @Override
    public void append(byte[] added, int count) {
      octets.write(added, 0, count);
    }

    @Override
    public void settle() {}

    @Override
    public void close() {}
  }

  private OggOpus(InputStream wav, int rateHz, int serial) {
    this.wav = wav;
    this.rateHz = rateHz;
    this.serial = serial;
  }

  /**
   * A stereo WAV of ours as Ogg/Opus, side by side as in {@link StereoRecording#opus}.
   *
   * @param wav as {@link StereoRecording} writes it, cut off anywhere behind its header; closed
   *     with this, and when it is no such WAV
   * @throws IOException when it is no such WAV, or cannot be read
   */
  public static OggOpus of(InputStream wav) throws IOException {
    try {
      byte[] header = wav.readNBytes(WavStore.HEADER_OCTETS);
      if (header.length < WavStore.HEADER_OCTETS || header[0] != 'R') {
        throw new IOException("no WAV of a recording");
      }
      ByteBuffer fields = ByteBuffer.wrap(header).order(ByteOrder.LITTLE_ENDIAN);
      int rateHz = fields.getInt(RATE_OFFSET);
      if (rateHz != 8000 && rateHz != 16_000 && rateHz != 48_000) {
        throw new IOException("no rate of a recording: " + rateHz);
      }
      return new OggOpus(wav, rateHz, fields.hashCode());
    } catch (IOException refused) {
      wav.close();
      throw refused;
    }
  }

  private boolean isAtEnd() throws IOException {
    while (taken == ready.length) {
      if (ended) {
        return true;
      }
      byte[] piece = wav.readNBytes(PIECE_OCTETS);
      encode(piece, piece.length / OCTETS_A_SAMPLE * OCTETS_A_SAMPLE);
      ready = pages.octets.toByteArray();
      pages.octets.reset();
      taken = 0;
    }
    return false;
  }

  private void encode(byte[] piece, int count) throws IOException {
    ENCODERS.acquireUninterruptibly();
    try {
      OpusStore into = begun();
      into.append(piece, count);
      if (piece.length < PIECE_OCTETS) {
        end(into);
      }
    } finally {
      ENCODERS.release();
    }
  }

  /** What is never read holds no encoder. */
  private OpusStore begun() throws IOException {
    OpusStore begun = opus;
    if (begun == null) {
      begun = new OpusStore(pages, rateHz, serial);
      opus = begun;
    }
    return begun;
  }

  private void end(OpusStore begun) throws IOException {
    ended = true;
    begun.close();
  }

  @Override
  public int read(byte[] into, int at, int count) throws IOException {
    if (count == 0) {
      return 0;
    }
    if (isAtEnd()) {
      return -1;
    }
    int given = Math.min(count, ready.length - taken);
    System.arraycopy(ready, taken, into, at, given);
    taken += given;
    return given;
  }

  @Override
  public int read() throws IOException {
    return isAtEnd() ? -1 : ready[taken++] & 0xff;
  }

  @Override
  public void close() throws IOException {
    try {
      OpusStore begun = opus;
      if (begun != null && !ended) {
        end(begun);
      }
    } finally {
      wav.close();
    }
  }
}
