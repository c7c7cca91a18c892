package io.tandem.protocol.media.record;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Makes Ogg/Opus of a recording that was kept as WAV (TEL-14: downloads as WAV or Opus). */
public final class OggOpus {
  private static final int RATE_OFFSET = 24;
  private static final int PIECE_OCTETS = 1 << 16;

  private OggOpus() {}

  /** A file in memory; nobody reads it before its end. */
  private static final class Memory implements AudioStore {
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

  /**
   * A stereo WAV of ours as Ogg/Opus, side by side as in {@link StereoRecording#opus}.
   *
   * @param wav as {@link StereoRecording} writes it, cut off anywhere behind its header
   * @throws IllegalArgumentException when it is no such WAV
   */
  public static byte[] of(byte[] wav) {
    if (wav.length < WavStore.HEADER_OCTETS || wav[0] != 'R') {
      throw new IllegalArgumentException("no WAV of a recording");
    }
    int rateHz = ByteBuffer.wrap(wav).order(ByteOrder.LITTLE_ENDIAN).getInt(RATE_OFFSET);
    if (rateHz != 8000 && rateHz != 16_000 && rateHz != 48_000) {
      throw new IllegalArgumentException("no rate of a recording: " + rateHz);
    }
    Memory file = new Memory();
    try {
      OpusStore opus = new OpusStore(file, rateHz, rateHz ^ wav.length);
      byte[] piece = new byte[PIECE_OCTETS];
      for (int at = WavStore.HEADER_OCTETS; at < wav.length; at += piece.length) {
        int count = Math.min(piece.length, wav.length - at) & ~3;
        System.arraycopy(wav, at, piece, 0, count);
        opus.append(piece, count);
      }
      opus.close();
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return file.octets.toByteArray();
  }
}
