package io.tandem.ops.house;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** The source tree this test run stands in. */
final class HouseTree {
  private static final Set<String> NOT_OURS =
      Set.of(".git", "target", "data", ".idea", ".vscode", "node_modules");

  private HouseTree() {}

  /** The directory with the parent pom: the nearest one upwards that holds the launcher. */
  static Path root() {
    for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
      if (Files.exists(at.resolve("tandem")) && Files.exists(at.resolve("protocol/pom.xml"))) {
        return at;
      }
    }
    throw new IllegalStateException("not inside a Tandem tree: " + Path.of("").toAbsolutePath());
  }

  /** Every text file of the tree that is not built, by its path relative to the root. */
  static List<Path> textFiles() {
    Path root = root();
    try (Stream<Path> walk = Files.walk(root)) {
      return walk.filter(Files::isRegularFile)
          .map(root::relativize)
          .filter(file -> Stream.of(file.toString().split("[/\\\\]")).noneMatch(NOT_OURS::contains))
          .filter(file -> lines(root.resolve(file)).isPresent())
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The lines of a file; none when it is no text. */
  static Optional<List<String>> lines(Path file) {
    try {
      return Optional.of(Files.readAllLines(file));
    } catch (MalformedInputException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
