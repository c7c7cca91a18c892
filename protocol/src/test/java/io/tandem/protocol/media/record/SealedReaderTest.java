package io.tandem.protocol.media.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sealed recordings are read a chunk at a time, from the disk to who listens. */
class SealedReaderTest {
  private static final SecretKey KEY = new SecretKeySpec(new byte[32], "AES");
  private static final int CHUNK_OCTETS = 1600;
  private static final int CHUNKS = 200;

  @TempDir Path folder;

  /** A WAV of tones in chunks of 50 ms, as a recording writes them, without its clock. */
  private Path wav(boolean ended) throws IOException {
    Path path = folder.resolve(ended ? "ended" : "cut");
    SealedStore store = new SealedStore(path, KEY, WavStore.header(8000, 2, 0));
    byte[] sound = sound();
    for (int chunk = 0; chunk < CHUNKS; chunk++) {
      byte[] part = Arrays.copyOfRange(sound, chunk * CHUNK_OCTETS, (chunk + 1) * CHUNK_OCTETS);
      store.append(part, part.length);
      store.settle();
    }
    if (ended) {
      store.close();
    }
    return path;
  }

  private static byte[] sound() {
    ByteBuffer out = ByteBuffer.allocate(CHUNKS * CHUNK_OCTETS).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; out.hasRemaining(); i++) {
      out.putShort((short) (8000 * Math.sin(2 * Math.PI * 440 * i / 8000)));
      out.putShort((short) (8000 * Math.sin(2 * Math.PI * 1000 * i / 8000)));
    }
    return out.array();
  }

  @Test
  void its_length_and_a_wavs_sizes_are_known_before_its_sound_is_read() throws Exception {
    Counted counted = new Counted(Files.newByteChannel(wav(true)));
    try (SealedReader reader = SealedReader.of(counted, KEY)) {
      assertThat(reader.octets()).isEqualTo(44L + CHUNKS * CHUNK_OCTETS);
      assertThat(reader.complete()).isTrue();
      ByteBuffer header = ByteBuffer.wrap(reader.readNBytes(44)).order(ByteOrder.LITTLE_ENDIAN);
      assertThat(header.getInt(4)).isEqualTo(36 + CHUNKS * CHUNK_OCTETS);
      assertThat(header.getInt(40)).isEqualTo(CHUNKS * CHUNK_OCTETS);
      assertThat(reader.readNBytes(CHUNK_OCTETS)).isEqualTo(Arrays.copyOf(sound(), CHUNK_OCTETS));
      assertThat(counted.octets)
          .as("read: a length a chunk, the last chunk, and two that were asked for")
          .isLessThan(4L * (CHUNKS + 10) + 4L * CHUNK_OCTETS);
      assertThat(reader.readAllBytes()).hasSize((CHUNKS - 1) * CHUNK_OCTETS);
    }
    assertThat(counted.isOpen()).isFalse();
  }

  @Test
  void a_file_that_is_still_written_is_read_as_it_was_when_it_was_opened() throws Exception {
    Path path = wav(false);
    try (SealedReader reader = SealedReader.open(path, KEY)) {
      byte[] more = new byte[] {0, 0, 0, 32, 1, 2, 3};
      Files.write(path, more, java.nio.file.StandardOpenOption.APPEND);
      assertThat(reader.complete()).isFalse();
      assertThat(reader.readAllBytes()).hasSize(44 + CHUNKS * CHUNK_OCTETS);
    }
    try (SealedReader half = SealedReader.open(path, KEY)) {
      assertThat(half.octets()).as("without half a chunk").isEqualTo(44L + CHUNKS * CHUNK_OCTETS);
      assertThat(half.complete()).isFalse();
    }
  }

  @Test
  void a_forged_chunk_is_never_given_out_and_its_reader_is_told() throws Exception {
    Path path = wav(true);
    byte[] octets = Files.readAllBytes(path);
    octets[octets.length / 2] ^= 1;
    Files.write(path, octets);
    try (SealedReader reader = SealedReader.open(path, KEY)) {
      byte[] before = reader.readNBytes(44 + 90 * CHUNK_OCTETS);
      assertThat(Arrays.copyOfRange(before, 44, before.length))
          .isEqualTo(Arrays.copyOf(sound(), 90 * CHUNK_OCTETS));
      assertThatThrownBy(reader::readAllBytes).isInstanceOf(SealedReader.Forged.class);
    }
    SecretKey other = new SecretKeySpec(Arrays.copyOf(new byte[] {1}, 32), "AES");
    try (SealedReader reader = SealedReader.open(wav(false), other)) {
      assertThatThrownBy(reader::read).isInstanceOf(SealedReader.Forged.class);
    }
  }

  @Test
  void a_wav_becomes_opus_as_it_is_read_and_no_sooner() throws Exception {
    byte[] wav = Arrays.copyOf(WavStore.header(8000, 2, CHUNKS * CHUNK_OCTETS), 44);
    byte[] whole = Arrays.copyOf(wav, 44 + CHUNKS * CHUNK_OCTETS);
    System.arraycopy(sound(), 0, whole, 44, whole.length - 44);
    InputStream source = new ByteArrayInputStream(whole);
    try (OggOpus opus = OggOpus.of(source)) {
      byte[] first = opus.readNBytes(100);
      assertThat(source.available()).as("most of it was not asked for").isGreaterThan(200_000);
      byte[] rest = opus.readAllBytes();
      byte[] all = Arrays.copyOf(first, first.length + rest.length);
      System.arraycopy(rest, 0, all, first.length, rest.length);
      OggOpusFile ogg = OggOpusFile.read(all);
      assertThat(ogg.ended()).isTrue();
      ogg.holdsTones(10);
    }
  }

  @Test
  void a_recording_of_more_than_two_gigabytes_says_its_true_size_and_of_more_than_four_the_most() {
    int[] sizes = {(int) 3_000_000_000L, -1};
    long[] octets = {3_000_000_000L, 5_000_000_000L};
    for (int i = 0; i < sizes.length; i++) {
      ByteBuffer header =
          ByteBuffer.wrap(WavStore.header(48_000, 2, octets[i])).order(ByteOrder.LITTLE_ENDIAN);
      assertThat(header.getInt(40)).isEqualTo(sizes[i]);
    }
    ByteBuffer longest =
        ByteBuffer.wrap(WavStore.header(48_000, 2, 5_000_000_000L)).order(ByteOrder.LITTLE_ENDIAN);
    assertThat(longest.getInt(4)).isEqualTo(-1);
  }

  /** Counts what is read of a file. */
  private static final class Counted implements SeekableByteChannel {
    private final SeekableByteChannel file;
    private long octets;

    Counted(SeekableByteChannel file) {
      this.file = file;
    }

    @Override
    public int read(ByteBuffer into) throws IOException {
      int count = file.read(into);
      octets += Math.max(0, count);
      return count;
    }

    @Override
    public int write(ByteBuffer from) throws IOException {
      return file.write(from);
    }

    @Override
    public long position() throws IOException {
      return file.position();
    }

    @Override
    public SeekableByteChannel position(long at) throws IOException {
      file.position(at);
      return this;
    }

    @Override
    public long size() throws IOException {
      return file.size();
    }

    @Override
    public SeekableByteChannel truncate(long to) throws IOException {
      file.truncate(to);
      return this;
    }

    @Override
    public boolean isOpen() {
      return file.isOpen();
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }
}
