package io.tandem.protocol.media.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import java.util.UUID;

/** Recordings below a directory: copied beside their place, forced to the disk, then renamed. */
public final class DiskStore implements RecordingStore {
  private final Path root;

  /**
   * @param root is made when it is not there
   */
  public DiskStore(Path root) {
    this.root = root;
  }

  @Override
  public Outcome keep(RecordingName name, Path file) {
    Path place = name.below(root);
    Path folder = Objects.requireNonNullElse(place.getParent(), root);
    // A name of a recording never begins with a dot, so this is nobody's.
    Path beside = place.resolveSibling(".keeping-" + UUID.randomUUID());
    try {
      Files.createDirectories(folder);
      try {
        Files.copy(file, beside);
        force(beside);
        Files.move(
            beside, place, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        force(folder);
      } finally {
        Files.deleteIfExists(beside);
      }
      return new Outcome.Done();
    } catch (IOException refused) {
      return failed("keep", refused);
    }
  }

  private static void force(Path path) throws IOException {
    try (FileChannel open = FileChannel.open(path, StandardOpenOption.READ)) {
      open.force(true);
    }
  }

  @Override
  public Outcome fetch(RecordingName name, Path file) {
    try {
      Files.copy(name.below(root), file);
      return new Outcome.Done();
    } catch (NoSuchFileException missing) {
      return Files.exists(name.below(root)) ? failed("fetch", missing) : new Outcome.Missing();
    } catch (IOException refused) {
      return failed("fetch", refused);
    }
  }

  @Override
  public Outcome remove(RecordingName name) {
    try {
      Files.deleteIfExists(name.below(root));
      return new Outcome.Done();
    } catch (IOException refused) {
      return failed("remove", refused);
    }
  }

  private static Outcome failed(String what, IOException refused) {
    return new Outcome.Failed(
        "the disk did not " + what + " it: " + refused.getClass().getSimpleName(), true);
  }
}
