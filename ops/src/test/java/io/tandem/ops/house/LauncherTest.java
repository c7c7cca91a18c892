package io.tandem.ops.house;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.ops.Main;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/**
 * The launcher in a house of its own, with a blank in its path, a JDK and a Maven that only say how
 * they were called.
 */
class LauncherTest {
  @TempDir Path dir;
  private Path house = Path.of("");
  private Path jdk = Path.of("");

  /** What a run printed and how it ended. */
  private record Run(int exit, String out, String err) {}

  @BeforeEach
  void a_house_with_a_blank_in_its_path() throws IOException {
    house = Files.createDirectories(dir.resolve("my house"));
    Files.copy(
        HouseTree.root().resolve("tandem"),
        house.resolve("tandem"),
        StandardCopyOption.COPY_ATTRIBUTES);
    for (String module : List.of("protocol", "persistence", "cluster-node", "ops")) {
      write(house.resolve(module).resolve("pom.xml"), "<project/>");
      write(house.resolve(module).resolve("src/main/java/Some.java"), "class Some {}");
    }
    write(house.resolve("pom.xml"), "<project/>");
    jdk = jdk("jdk 25", "25.0.1");
    program(
        dir.resolve("bin/mvn"),
        """
        echo "mvn on $JAVA_HOME: $*" >&2
        case "$*" in *package*)
          mkdir -p "$HOUSE/ops/target/classes/io/tandem/ops"
          touch "$HOUSE/ops/target/classes/io/tandem/ops/Main.class"
          echo "$HOUSE/cluster-node/target/node.jar:/repo/akka.jar" > "$HOUSE/ops/target/class-path" ;;
        esac
        """);
  }

  @Test
  void a_command_builds_first_and_runs_on_the_jdk_25_with_its_flags() throws Exception {
    var run = launch(Map.of(), "run", "--role", "edge and api");
    assertThat(run.err()).contains("building…").doesNotContain("mvn");
    assertThat(Files.readString(house.resolve("target/build.log")))
        .contains("mvn on " + jdk, "-Dmaven.test.skip=true", "-f " + house.resolve("pom.xml"));
    assertThat(run.out())
        .contains("<--enable-native-access=ALL-UNNAMED>", "<--sun-misc-unsafe-memory-access=allow>")
        .contains("<-Dtandem-home=" + house + ">")
        .contains(
            "<"
                + house
                + "/ops/target/classes:"
                + house
                + "/cluster-node/target/node.jar:/repo/akka.jar>")
        .contains("<io.tandem.ops.Main><run><--role><edge and api>");
    assertThat(run.exit()).as("the exit code is the command's own").isEqualTo(7);
  }

  @Test
  void a_second_run_does_not_build_and_a_newer_or_deleted_source_does() throws Exception {
    launch(Map.of(), "run");
    settle();
    assertThat(launch(Map.of(), "run").err()).doesNotContain("building");

    touch(house.resolve("protocol/src/main/java/Some.java"));
    assertThat(launch(Map.of(), "run").err()).contains("building");

    settle();
    touch(house.resolve("pom.xml"));
    assertThat(launch(Map.of(), "run").err()).contains("building");

    settle();
    Files.delete(house.resolve("protocol/src/main/java/Some.java"));
    touch(house.resolve("protocol/src/main/java"));
    assertThat(launch(Map.of(), "run").err()).contains("building");
  }

  @Test
  void what_warm_kept_is_used_until_something_is_built_anew() throws Exception {
    launch(Map.of(), "run");
    settle();
    assertThat(launch(Map.of(), "run").out()).doesNotContain("AOTCache");

    write(house.resolve("target/tandem.aot"), "learnt");
    assertThat(launch(Map.of(), "run").out())
        .contains("<-XX:AOTCache=" + house.resolve("target/tandem.aot") + ">");

    settle();
    touch(house.resolve("ops/target/class-path"));
    assertThat(launch(Map.of(), "run").out()).doesNotContain("AOTCache");
  }

  @Test
  void a_house_that_was_moved_is_built_again() throws Exception {
    launch(Map.of(), "run");
    settle();
    write(house.resolve("ops/target/class-path"), "/elsewhere/cluster-node/target/node.jar");
    assertThat(launch(Map.of(), "run").err()).contains("building");
  }

  @Test
  void it_works_through_a_symbolic_link_from_anywhere() throws Exception {
    Path link = Files.createSymbolicLink(dir.resolve("link"), Path.of("my house"));
    Path door =
        Files.createSymbolicLink(
            Files.createDirectories(dir.resolve("else where")).resolve("t"),
            link.resolve("tandem"));
    assertThat(launch(door, Map.of(), "run").out()).contains("<-Dtandem-home=" + house + ">");
  }

  @Test
  void test_and_format_are_mavens_on_the_jdk_25() throws Exception {
    var tests = launch(Map.of(), "test", "-pl", "protocol");
    assertThat(tests.err()).contains("mvn on " + jdk, "verify -pl protocol").doesNotContain("skip");
    assertThat(launch(Map.of(), "format").err()).contains("spotless:apply");
  }

  @Test
  void a_wrong_tandem_java_home_is_named_and_nothing_else_is_taken() throws Exception {
    var run = launch(Map.of("TANDEM_JAVA_HOME", jdk("old", "17.0.15").toString()), "run");
    assertThat(run.exit()).isEqualTo(2);
    assertThat(run.err()).contains("TANDEM_JAVA_HOME is", "no JDK 25");
  }

  @Test
  void an_older_java_home_is_passed_over() throws Exception {
    var run =
        launch(
            Map.of(
                "TANDEM_JAVA_HOME",
                "",
                "JAVA_HOME",
                jdk("old", "17.0.15").toString(),
                "HOME",
                sdkman()),
            "run");
    assertThat(run.err()).contains("building").doesNotContain("/old:");
  }

  @Test
  void a_failed_build_ends_there() throws Exception {
    program(dir.resolve("bin/mvn"), "echo broken >&2; exit 1\n");
    var run = launch(Map.of(), "run");
    assertThat(run.exit()).isEqualTo(1);
    assertThat(run.err()).contains("broken", "the build failed");
    assertThat(run.out()).isEmpty();
  }

  @Test
  void the_help_page_needs_nothing_and_names_every_command() throws Exception {
    var help = launch(Map.of("TANDEM_JAVA_HOME", "/nowhere"), "help");
    assertThat(help.exit()).isZero();
    assertThat(help.err()).isEmpty();
    new CommandLine(new Main())
        .getSubcommands()
        .keySet()
        .forEach(name -> assertThat(help.out()).contains("./tandem " + name));
    assertThat(launch(Map.of()).out()).as("no command teaches too").isEqualTo(help.out());
  }

  /** A home directory in which SDKMAN put a JDK 25. */
  private String sdkman() throws IOException {
    Path home = dir.resolve("somebody");
    jdk("somebody/.sdkman/candidates/java/25-tem", "25");
    return home.toString();
  }

  private Run launch(Map<String, String> settings, String... arguments) throws Exception {
    return launch(house.resolve("tandem"), settings, arguments);
  }

  private Run launch(Path door, Map<String, String> settings, String... arguments)
      throws Exception {
    var command = new java.util.ArrayList<>(List.of(door.toString()));
    command.addAll(List.of(arguments));
    Path out = dir.resolve("out.txt");
    Path err = dir.resolve("err.txt");
    var builder =
        new ProcessBuilder(command)
            .directory(dir.toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile());
    builder
        .environment()
        .putAll(Map.of("HOUSE", house.toString(), "TANDEM_JAVA_HOME", jdk.toString()));
    builder
        .environment()
        .merge("PATH", dir.resolve("bin").toString(), (path, bin) -> bin + ":" + path);
    builder.environment().putAll(settings);
    var process = builder.start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return new Run(process.exitValue(), Files.readString(out), Files.readString(err));
  }

  /** A JDK whose java prints each argument in brackets and ends with 7. */
  private Path jdk(String name, String version) throws IOException {
    Path home = dir.resolve(name);
    write(home.resolve("release"), "IMPLEMENTOR=\"Nobody\"\nJAVA_VERSION=\"" + version + "\"\n");
    program(home.resolve("bin/java"), "for a in \"$@\"; do printf '<%s>' \"$a\"; done; exit 7\n");
    program(home.resolve("bin/javac"), "");
    return home;
  }

  private static void program(Path file, String script) throws IOException {
    write(file, "#!/bin/sh\n" + script);
    assertThat(file.toFile().setExecutable(true)).isTrue();
  }

  /**
   * Everything of the house gets old, what was built stays new: no test waits for a clock to tick.
   */
  private void settle() throws IOException {
    try (var walk = Files.walk(house)) {
      for (Path path : walk.filter(p -> !p.startsWith(house.resolve("ops/target"))).toList()) {
        Files.setLastModifiedTime(path, FileTime.from(Instant.parse("2026-01-01T00:00:00Z")));
      }
    }
    Files.setLastModifiedTime(
        house.resolve("ops/target/class-path"),
        FileTime.from(Instant.parse("2026-01-02T00:00:00Z")));
  }

  private static void touch(Path path) throws IOException {
    Files.setLastModifiedTime(path, FileTime.from(Instant.parse("2026-01-03T00:00:00Z")));
  }

  private static void write(Path file, String text) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }
}
