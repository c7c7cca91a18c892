package io.tandem.node.recording;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Recordings that stay in a directory, which nodes may share. */
public final class FolderFiles implements RecordingFiles {
  private final Path directory;

  /**
   * @param directory absolute and normal
   */
  public FolderFiles(Path directory) {
    this.directory = directory;
  }

  @Override
  public Path begin(String name) throws IOException {
    Path file = directory.resolve(name);
    Files.createDirectories(file.getParent());
    return file;
  }

  @Override
  public void finished(String name) {
    // It is where it stays.
  }

  @Override
  public <T> Optional<T> read(String name, Reader<T> reader) throws IOException {
    Path file = directory.resolve(name).normalize();
    return file.startsWith(directory) && Files.isRegularFile(file)
        ? Optional.of(reader.read(file))
        : Optional.empty();
  }

  @Override
  public void close() {
    // Nothing is held.
  }
}
