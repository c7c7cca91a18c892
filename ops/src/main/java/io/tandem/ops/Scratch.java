package io.tandem.ops;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A directory for what a command needs while it runs. */
public final class Scratch {
  private Scratch() {}

  /** Deletes a directory with all that is in it. */
  public static void clear(Path directory) throws IOException {
    List<Path> inside;
    try (Stream<Path> walk = Files.walk(directory)) {
      inside = walk.sorted(Comparator.reverseOrder()).toList();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    for (Path each : inside) {
      boolean unused = Files.deleteIfExists(each);
    }
  }
}
