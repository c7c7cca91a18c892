package io.tandem.node.recording;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.persistence.journal.DataClass;
import io.tandem.persistence.journal.KeyId;
import io.tandem.persistence.journal.keys.DataKey;
import io.tandem.persistence.journal.keys.KeyStore;
import io.tandem.persistence.journal.keys.MemoryKeyStore;
import io.tandem.protocol.media.store.DiskStore;
import io.tandem.protocol.media.store.RecordingSpool;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import javax.sound.sampled.AudioInputStream;
import javax.sound.sampled.AudioSystem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Recordings of a node: in a folder, or by a spool to a store that all nodes read. */
class RecordingShelfTest {
  private static final int RATE_HZ = 8000;
  private static final int FRAME = RATE_HZ / 50;
  private static final InstantSource CLOCK =
      InstantSource.fixed(Instant.parse("2026-11-20T10:00:00Z"));

  @TempDir Path directory;

  private final MemoryKeyStore keys = new MemoryKeyStore();

  private RecordingShelf shelf(RecordingFiles files, RecordingShelf.Format format) {
    return new RecordingShelf(files, format, "n1", keys, CLOCK);
  }

  private static RecordingShelf.Opening.Opened recorded(RecordingShelf shelf, String callId) {
    RecordingShelf.Opening.Opened opened =
        (RecordingShelf.Opening.Opened) shelf.open(callId, "person:1", RATE_HZ);
    short[] sound = new short[FRAME];
    for (int beat = 0; beat < 50; beat++) {
      for (int i = 0; i < FRAME; i++) {
        sound[i] = (short) (8000 * Math.sin(2 * Math.PI * 1000 * i / RATE_HZ));
      }
      opened.recording().write(sound, sound, FRAME);
    }
    return opened;
  }

  @Test
  void a_wav_in_a_folder_is_read_as_it_is_and_as_opus() throws Exception {
    try (RecordingShelf shelf = shelf(new FolderFiles(directory), RecordingShelf.Format.WAV)) {
      RecordingShelf.Opening.Opened opened = recorded(shelf, "call-1");
      var unused = opened.recording().finish();
      assertThat(shelf.finished(opened.place())).isEmpty();
      byte[] wav;
      try (RecordingShelf.Reading.Read read = read(shelf, opened)) {
        assertThat(read.complete()).isTrue();
        assertThat(read.format().mediaType()).isEqualTo("audio/wav");
        wav = read.sound().readAllBytes();
        assertThat(read.octets()).as("said beforehand").hasValue(wav.length);
      }
      try (AudioInputStream in = AudioSystem.getAudioInputStream(new ByteArrayInputStream(wav))) {
        assertThat(in.getFrameLength()).isEqualTo(RATE_HZ);
      }
      try (RecordingShelf.Reading.Read opus = read(shelf, opened).asOpus()) {
        assertThat(opus.format().mediaType()).isEqualTo("audio/ogg");
        assertThat(opus.octets()).as("seen at its end").isEmpty();
        byte[] ogg = opus.sound().readAllBytes();
        assertThat(ogg).startsWith((byte) 'O', (byte) 'g', (byte) 'g', (byte) 'S');
        assertThat(ogg.length).isLessThan(wav.length / 2);
      }
    }
  }

  @Test
  void whose_the_key_is_is_stored_before_the_first_sound_and_with_the_key_the_sound_is_gone()
      throws Exception {
    Behind behind = new Behind();
    try (RecordingShelf shelf =
        new RecordingShelf(
            new FolderFiles(directory), RecordingShelf.Format.WAV, "n1", behind, CLOCK)) {
      RecordingShelf.Opening.Opened opened = recorded(shelf, "call-7");
      // from here on the node may die: what is told behind is never told then
      assertThat(behind.destroy("person:1", DataClass.CONTENT)).isEqualTo(1);
      var unused = opened.recording().finish();
      assertThat(shelf.read(opened.place())).isEqualTo(new RecordingShelf.Reading.Erased());
    }
  }

  /** A key store that knows whose its keys are once that was written, and not before. */
  private static final class Behind implements KeyStore {
    private final MemoryKeyStore keys = new MemoryKeyStore();
    private boolean written;

    @Override
    public DataKey keyFor(String subject, DataClass dataClass, String period) {
      written = false;
      return keys.keyFor(subject, dataClass, period);
    }

    @Override
    public Optional<DataKey> find(KeyId id) {
      return keys.find(id);
    }

    @Override
    public void adopt(KeyId id, String subject, DataClass dataClass, String period) {
      keys.adopt(id, subject, dataClass, period);
    }

    @Override
    public int destroy(String subject, DataClass dataClass) {
      return written ? keys.destroy(subject, dataClass) : 0;
    }

    @Override
    public int destroy(String subject, DataClass dataClass, String period) {
      return written ? keys.destroy(subject, dataClass, period) : 0;
    }

    @Override
    public void flush() {
      written = true;
    }

    @Override
    public void close() {}
  }

  @Test
  void a_finished_recording_leaves_the_nodes_disk_and_any_node_reads_it() throws Exception {
    Path spooled = directory.resolve("spool");
    DiskStore store = new DiskStore(directory.resolve("store"));
    try (RecordingShelf shelf = shelf(spooling(spooled, store), RecordingShelf.Format.OPUS);
        RecordingShelf other =
            shelf(
                SpooledFiles.reading(directory.resolve("elsewhere"), store),
                RecordingShelf.Format.WAV)) {
      RecordingShelf.Opening.Opened opened = recorded(shelf, "call-2");
      assertThat(other.read(opened.place())).isInstanceOf(RecordingShelf.Reading.Elsewhere.class);
      var unused = opened.recording().finish();
      try (RecordingShelf.Reading.Read read = read(shelf, opened)) {
        assertThat(read.complete()).as("before it is handed on").isTrue();
      }
      assertThat(shelf.finished(opened.place())).isEmpty();
      await(() -> isEmpty(spooled.resolve("finished")));
      for (RecordingShelf each : new RecordingShelf[] {shelf, other}) {
        try (RecordingShelf.Reading.Read read = read(each, opened)) {
          assertThat(read.complete()).isTrue();
          assertThat(read.format()).isEqualTo(RecordingShelf.Format.OPUS);
          assertThat(read.sound().readAllBytes())
              .as("also of a copy that was fetched and is gone")
              .startsWith((byte) 'O', (byte) 'g', (byte) 'g', (byte) 'S');
        }
      }
    }
  }

  @Test
  void what_was_kept_in_the_folder_before_there_was_a_store_is_still_read() throws Exception {
    RecordingShelf.Opening.Opened opened;
    try (RecordingShelf before = shelf(new FolderFiles(directory), RecordingShelf.Format.WAV)) {
      opened = recorded(before, "call-4");
      var unused = opened.recording().finish();
    }
    DiskStore store = new DiskStore(directory.resolve("store"));
    try (RecordingShelf shelf = shelf(spooling(directory, store), RecordingShelf.Format.WAV)) {
      try (RecordingShelf.Reading.Read read = read(shelf, opened)) {
        assertThat(read.complete()).isTrue();
      }
    }
  }

  @Test
  void what_a_node_left_open_is_handed_on_when_it_starts_again() throws Exception {
    Path spooled = directory.resolve("spool");
    DiskStore store = new DiskStore(directory.resolve("store"));
    RecordingShelf dies = shelf(spooling(spooled, store), RecordingShelf.Format.WAV);
    RecordingShelf.Opening.Opened opened = recorded(dies, "call-3");
    await(() -> holdsSound(spooled.resolve("open")));
    dies.close();
    try (RecordingShelf again = shelf(spooling(spooled, store), RecordingShelf.Format.WAV)) {
      await(() -> isEmpty(spooled.resolve("finished")));
      try (RecordingShelf.Reading.Read read = read(again, opened)) {
        assertThat(read.complete()).isFalse();
        assertThat(read.sound().readAllBytes().length).isGreaterThan(1000);
      }
    } finally {
      opened.recording().close();
    }
  }

  private static RecordingShelf.Reading.Read read(
      RecordingShelf shelf, RecordingShelf.Opening.Opened opened) {
    return (RecordingShelf.Reading.Read) shelf.read(opened.place());
  }

  private static SpooledFiles spooling(Path directory, DiskStore store) {
    return switch (RecordingSpool.open(directory, store)) {
      case RecordingSpool.Opening.Opened(RecordingSpool spool, int leftBehind) ->
          SpooledFiles.writing(directory, store, spool);
      case RecordingSpool.Opening.Refused(String reason) -> throw new AssertionError(reason);
    };
  }

  private interface Condition {
    boolean holds() throws IOException;
  }

  private static void await(Condition condition) throws IOException {
    long until = System.nanoTime() + 10_000_000_000L;
    while (!condition.holds()) {
      if (System.nanoTime() > until) {
        throw new AssertionError("in vain");
      }
      LockSupport.parkNanos(5_000_000);
    }
  }

  private static boolean isEmpty(Path below) throws IOException {
    try (var files = Files.walk(below)) {
      return files.noneMatch(Files::isRegularFile);
    }
  }

  private static boolean holdsSound(Path below) throws IOException {
    try (var files = Files.walk(below)) {
      return files
          .filter(Files::isRegularFile)
          .anyMatch(file -> file.toFile().length() > 4 * RATE_HZ / 2);
    }
  }
}
