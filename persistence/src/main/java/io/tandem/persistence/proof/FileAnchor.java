package io.tandem.persistence.proof;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.stream.Stream;

/**
 * A file that is only ever added to, a line a checkpoint, each made durable before it counts. Put
 * it on another disk than the database's, best one that cannot be rewritten ({@code chattr +a},
 * WORM).
 *
 * <p>A line that a crash has cut short is left standing and ended; the checkpoint is added again.
 */
public final class FileAnchor implements Anchor {

  private final Path file;
  private long known;
  private long knownBytes;

  public FileAnchor(Path file) {
    this.file = file;
  }

  @Override
  public String name() {
    return file.toString();
  }

  @Override
  public boolean isThere() {
    return Files.exists(file);
  }

  @Override
  public synchronized long newest() {
    try {
      long bytes = Files.exists(file) ? Files.size(file) : 0;
      if (bytes != knownBytes) {
        try (Stream<Anchored> all = all()) {
          known = all.mapToLong(Anchored::number).max().orElse(0);
        }
        knownBytes = bytes;
      }
      return known;
    } catch (IOException e) {
      throw new AnchorException(file + " cannot be read", e);
    }
  }

  @Override
  public synchronized void add(Anchored checkpoint) {
    try (FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      // another node may think that it is its turn; given back with the channel
      FileLock unused = channel.lock();
      if (checkpoint.number() <= newest()) {
        requireSame(checkpoint);
        return;
      }
      long end = channel.size();
      String line = (endsWithin(channel, end) ? "\n" : "") + checkpoint.line() + "\n";
      ByteBuffer bytes = ByteBuffer.wrap(line.getBytes(StandardCharsets.UTF_8));
      long at = end;
      while (bytes.hasRemaining()) {
        at += channel.write(bytes, at);
      }
      channel.force(true);
      known = checkpoint.number();
      knownBytes = at;
    } catch (OverlappingFileLockException e) {
      throw new AnchorException(file + " is being written by another part of this process", e);
    } catch (IOException e) {
      throw new AnchorException(file + " cannot be written", e);
    }
  }

  private static boolean endsWithin(FileChannel channel, long end) throws IOException {
    ByteBuffer last = ByteBuffer.allocate(1);
    return end > 0 && channel.read(last, end - 1) == 1 && last.get(0) != '\n';
  }

  private void requireSame(Anchored checkpoint) {
    try (Stream<Anchored> all = all()) {
      if (all.noneMatch(
          each -> each.number() == checkpoint.number() && each.note().equals(checkpoint.note()))) {
        throw new AnchorException(file + " has another " + checkpoint);
      }
    }
  }

  @Override
  public Stream<Anchored> all() {
    if (!Files.exists(file)) {
      return Stream.empty();
    }
    try {
      BufferedReader reader = Files.newBufferedReader(file);
      return reader
          .lines()
          .mapMulti(FileAnchor::whole)
          .onClose(
              () -> {
                try {
                  reader.close();
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });
    } catch (IOException e) {
      throw new AnchorException(file + " cannot be read", e);
    }
  }

  /** A line that is not whole holds no checkpoint: either it was added again, or it is missing. */
  private static void whole(String line, java.util.function.Consumer<Anchored> to) {
    Anchored read;
    try {
      read = Anchored.of(line);
    } catch (IllegalArgumentException cutShort) {
      return;
    }
    to.accept(read);
  }
}
