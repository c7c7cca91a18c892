package io.tandem.ops.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The house drawn in docs/ARCHITECTURE.md is the one that stands here. */
class ArchitecturePageTest {
  private static final Map<String, String> MODULES =
      Map.of(
          "protocol", "protocol/src/main/java/io/tandem/protocol",
          "persistence", "persistence/src/main/java/io/tandem/persistence",
          "cluster-node", "cluster-node/src/main/java/io/tandem/node",
          "ops", "ops/src/main/java/io/tandem/ops");

  private static final Pattern MODULE = Pattern.compile("([a-z0-9-]+) {2,}\\S.*");
  private static final Pattern PACKAGES = Pattern.compile("  ([a-z]+[a-z., ]*?)(?: {2,}(.*))?");
  @TempDir Path dir;

  @Test
  void every_package_drawn_exists_and_what_comes_later_does_not() throws IOException {
    assertThat(findings(HouseTree.root())).isEmpty();
  }

  @Test
  void a_package_that_is_not_there_and_one_that_came_early_are_found() throws IOException {
    Files.createDirectories(dir.resolve("docs"));
    Files.createDirectories(dir.resolve(MODULES.get("ops")).resolve("console"));
    Files.createDirectories(dir.resolve(MODULES.get("ops")).resolve("demo"));
    Files.writeString(
        dir.resolve("docs/ARCHITECTURE.md"),
        """
        ```
        ops      io.tandem.ops.*   tools
          demo, lost
                      two of them
          console     later
          rooms       later
        ```
        """);
    assertThat(findings(dir))
        .containsExactly(
            "ops: lost is drawn but not there", "ops: console is marked later but is there");
  }

  @Test
  void every_decision_is_in_the_list_of_decisions() throws IOException {
    Path decisions = HouseTree.root().resolve("docs/adr");
    String list = Files.readString(decisions.resolve("README.md"));
    try (var files = Files.list(decisions)) {
      assertThat(
              files
                  .map(file -> file.getFileName().toString())
                  .filter(name -> !name.equals("README.md")))
          .allSatisfy(name -> assertThat(list).contains("](" + name + ")"));
    }
  }

  private static List<String> findings(Path root) throws IOException {
    var found = new ArrayList<String>();
    String module = "";
    boolean drawing = false;
    for (String line : Files.readAllLines(root.resolve("docs/ARCHITECTURE.md"))) {
      if (line.startsWith("```")) {
        drawing = !drawing;
      }
      var moduleLine = MODULE.matcher(line);
      var packageLine = PACKAGES.matcher(line);
      if (drawing && moduleLine.matches()) {
        module = moduleLine.group(1);
      } else if (drawing && packageLine.matches()) {
        String job = packageLine.group(2) == null ? "" : packageLine.group(2).strip();
        boolean later = job.equals("later");
        for (String name : packageLine.group(1).split(", ")) {
          boolean there =
              Files.isDirectory(root.resolve(MODULES.get(module)).resolve(name.replace('.', '/')));
          if (there == later && !job.startsWith("in work")) {
            found.add(
                module
                    + ": "
                    + name
                    + (later ? " is marked later but is there" : " is drawn but not there"));
          }
        }
      }
    }
    return found;
  }
}
