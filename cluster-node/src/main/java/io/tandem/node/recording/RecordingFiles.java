package io.tandem.node.recording;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where the files of recordings are, while they are written and after. Waits for disk or network.
 */
public interface RecordingFiles extends AutoCloseable {
  /**
   * Reads a file that is there for as long as this runs; what it has opened by then can be read on.
   */
  @FunctionalInterface
  interface Reader<T> {
    /** What the file holds. */
    T read(Path file) throws IOException;
  }

  /**
   * A file that is not there yet, in a directory that is.
   *
   * @param name a month and a call: {@code 2026-11/call-1.wav.sealed}
   */
  Path begin(String name) throws IOException;

  /** It is whole. */
  void finished(String name) throws IOException;

  /** Reads what is there of it; empty when it is not here. */
  <T> Optional<T> read(String name, Reader<T> reader) throws IOException;

  /** Nothing is begun any more. */
  @Override
  void close();
}
