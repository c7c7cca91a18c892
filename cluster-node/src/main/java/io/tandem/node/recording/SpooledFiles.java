package io.tandem.node.recording;

import io.tandem.protocol.media.store.RecordingName;
import io.tandem.protocol.media.store.RecordingSpool;
import io.tandem.protocol.media.store.RecordingStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Recordings that pass through a spool of this node to a store that all nodes read: what a killed
 * node left open is handed on when it starts again.
 */
public final class SpooledFiles implements RecordingFiles {
  private static final Duration EVERY = Duration.ofSeconds(30);

  private final Path directory;
  private final RecordingStore store;
  private final @Nullable RecordingSpool spool;

  private SpooledFiles(Path directory, RecordingStore store, @Nullable RecordingSpool spool) {
    this.directory = directory;
    this.store = store;
    this.spool = spool;
  }

  /** For calls to be recorded: what is finished leaves for the store by itself. */
  public static SpooledFiles writing(Path directory, RecordingStore store, RecordingSpool spool) {
    spool.keepUp(EVERY);
    return new SpooledFiles(directory, store, spool);
  }

  /** For who reads alone, beside the one that writes or without one. */
  public static SpooledFiles reading(Path directory, RecordingStore store) {
    return new SpooledFiles(directory, store, null);
  }

  private RecordingSpool spool() throws IOException {
    if (spool == null) {
      throw new IOException("this shelf is for reading");
    }
    return spool;
  }

  @Override
  public Path begin(String name) throws IOException {
    return spool().begin(new RecordingName(name));
  }

  @Override
  public void finished(String name) throws IOException {
    spool().finished(new RecordingName(name));
  }

  /** A file that moves on while it is looked for is found in its next place. */
  @Override
  public <T> Optional<T> read(String name, Reader<T> reader) throws IOException {
    RecordingName named;
    try {
      named = new RecordingName(name);
    } catch (IllegalArgumentException none) {
      return Optional.empty();
    }
    for (Path local : RecordingSpool.places(directory, named)) {
      try {
        return Optional.of(reader.read(local));
      } catch (NoSuchFileException elsewhere) {
        // on to the next place
        continue;
      }
    }
    return fetched(named, reader);
  }

  private <T> Optional<T> fetched(RecordingName name, Reader<T> reader) throws IOException {
    Path folder = Files.createTempDirectory("tandem-recording");
    Path file = folder.resolve("fetched");
    try {
      return switch (store.fetch(name, file)) {
        case RecordingStore.Outcome.Done() -> Optional.of(reader.read(file));
        case RecordingStore.Outcome.Missing() -> Optional.empty();
        case RecordingStore.Outcome.Failed(String reason, boolean retry) ->
            throw new IOException(reason);
      };
    } finally {
      Files.deleteIfExists(file);
      Files.delete(folder);
    }
  }

  @Override
  public void close() {
    try {
      if (spool != null) {
        spool.close();
      }
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }
}
