package io.tandem.protocol.media.playout;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import javax.sound.sampled.AudioFormat;
import javax.sound.sampled.AudioInputStream;

/**
 * Reads MP3 files as prompts, by libmpg123 where the system has it. A file that is cut off or
 * damaged is as long as what is good of it.
 */
final class Mp3File implements AutoCloseable {
  private static final int PIECE_OCTETS = 1 << 16;
  private static final int MAX_OCTETS = 64 << 20;

  /** All of MPEG 1, 2 and 2.5; what is stereo is mixed to mono. */
  private static final int[] RATES_HZ = {
    8000, 11_025, 12_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000
  };

  private final Mpg123 library;
  private final Arena arena = Arena.ofConfined();
  private final MemorySegment in = arena.allocate(PIECE_OCTETS);
  private final MemorySegment out = arena.allocate(PIECE_OCTETS, 8);
  private final MemorySegment words = arena.allocate(24, 8);
  private final ByteArrayOutputStream samples = new ByteArrayOutputStream();
  private final MemorySegment decoder;
  private int rateHz;

  private Mp3File(Mpg123 library) {
    this.library = library;
    this.decoder = library.open(arena);
  }

  /** Whether a file that begins so may be one: an ID3 tag, or the first eleven bits of a frame. */
  static boolean begins(byte[] first) {
    return first.length >= 3
        && ((first[0] == 'I' && first[1] == 'D' && first[2] == '3')
            || (first[0] == (byte) 0xff && (first[1] & 0xe0) == 0xe0));
  }

  static Prompt.Reading read(InputStream file) throws IOException {
    Mpg123 library = Mpg123.here().orElse(null);
    if (library == null) {
      return new Prompt.Reading.Refused("MP3, and this machine has no libmpg123");
    }
    byte[] octets = file.readNBytes(MAX_OCTETS + 1);
    if (octets.length > MAX_OCTETS) {
      return new Prompt.Reading.Refused("at most " + MAX_OCTETS + " octets of MP3");
    }
    try (Mp3File mp3 = new Mp3File(library)) {
      mp3.decode(octets);
      byte[] pcm = mp3.samples.toByteArray();
      if (mp3.rateHz == 0 || pcm.length == 0) {
        return new Prompt.Reading.Refused("no MP3 file");
      }
      return Prompt.sound(
          new AudioInputStream(
              new ByteArrayInputStream(pcm),
              new AudioFormat(mp3.rateHz, 16, 1, true, false),
              pcm.length / 2));
    }
  }

  private void decode(byte[] octets) {
    try {
      int ready = (int) library.param.invokeExact(decoder, Mpg123.ADD_FLAGS, Mpg123.QUIET, 0.0);
      ready |= (int) library.formatNone.invokeExact(decoder);
      for (int rate : RATES_HZ) {
        ready |=
            (int) library.format.invokeExact(decoder, (long) rate, Mpg123.MONO, Mpg123.SIGNED_16);
      }
      ready |= (int) library.openFeed.invokeExact(decoder);
      boolean goesOn = ready == Mpg123.OK;
      for (int at = 0; goesOn && at < octets.length; at += PIECE_OCTETS) {
        int count = Math.min(PIECE_OCTETS, octets.length - at);
        MemorySegment.copy(octets, at, in, JAVA_BYTE, 0, count);
        goesOn = piece(count);
      }
    } catch (Throwable impossible) {
      throw Mpg123.broken(impossible);
    }
  }

  /** Decodes what a piece of the file gives; false when no more is to be had. */
  private boolean piece(int fed) throws Throwable {
    int octets = fed;
    while (samples.size() / 2 <= (long) Prompt.MAX_SECONDS * rateHz) {
      int answer =
          (int)
              library.decode.invokeExact(
                  decoder, in, (long) octets, out, (long) PIECE_OCTETS, words);
      octets = 0;
      int done = (int) words.get(JAVA_LONG, 0);
      samples.writeBytes(out.asSlice(0, done).toArray(JAVA_BYTE));
      if (answer == Mpg123.NEED_MORE) {
        return true;
      }
      if (answer == Mpg123.NEW_FORMAT) {
        int found = foundRateHz();
        if (found == 0 || (rateHz != 0 && found != rateHz)) {
          return false; // another sound begins
        }
        rateHz = found;
      } else if (answer != Mpg123.OK) {
        return false; // its end, or nothing that could be decoded
      }
    }
    return false;
  }

  private int foundRateHz() throws Throwable {
    int answer =
        (int)
            library.getFormat.invokeExact(
                decoder, words, words.asSlice(8, 4), words.asSlice(16, 4));
    return answer == Mpg123.OK ? (int) words.get(JAVA_LONG, 0) : 0;
  }

  @Override
  public void close() {
    try {
      library.delete.invokeExact(decoder);
    } catch (Throwable impossible) {
      throw Mpg123.broken(impossible);
    } finally {
      arena.close();
    }
  }
}
