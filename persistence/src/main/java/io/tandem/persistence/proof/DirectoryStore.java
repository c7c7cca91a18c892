package io.tandem.persistence.proof;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.stream.Stream;

/** Objects as the files of one directory, such as a mounted share that keeps what it was given. */
public final class DirectoryStore implements ObjectStore {

  private static final String UNFINISHED = ".part";

  private final Path directory;

  public DirectoryStore(Path directory) {
    this.directory = directory;
  }

  @Override
  public String name() {
    return directory.toString();
  }

  @Override
  public boolean isThere() {
    return Files.isDirectory(directory);
  }

  @Override
  public boolean putIfAbsent(String key, byte[] bytes) {
    Path part = directory.resolve(key + "." + ProcessHandle.current().pid() + UNFINISHED);
    try {
      Files.createDirectories(directory);
      try (FileChannel channel =
          FileChannel.open(
              part,
              StandardOpenOption.CREATE,
              StandardOpenOption.TRUNCATE_EXISTING,
              StandardOpenOption.WRITE)) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        while (buffer.hasRemaining()) {
          int unused = channel.write(buffer);
        }
        channel.force(true);
      }
      try {
        Path unused = Files.createLink(directory.resolve(key), part); // fails where there is one
        return true;
      } catch (FileAlreadyExistsException there) {
        return false;
      } finally {
        Files.delete(part);
        syncDirectory();
      }
    } catch (IOException e) {
      throw new AnchorException(directory + " cannot be written", e);
    }
  }

  /** A name is durable when its directory is. */
  private void syncDirectory() throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  @Override
  public Optional<byte[]> get(String key) {
    try {
      return Optional.of(Files.readAllBytes(directory.resolve(key)));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new AnchorException(directory + " cannot be read", e);
    }
  }

  @Override
  public Stream<String> keys() {
    if (!Files.isDirectory(directory)) {
      return Stream.empty();
    }
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .map(file -> String.valueOf(file.getFileName()))
          .filter(name -> !name.endsWith(UNFINISHED))
          .sorted()
          .toList()
          .stream();
    } catch (IOException e) {
      throw new AnchorException(directory + " cannot be read", e);
    }
  }
}
