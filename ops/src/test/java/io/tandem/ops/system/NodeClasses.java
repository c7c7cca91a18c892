package io.tandem.ops.system;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;

/**
 * The class path of the nodes under test, as jars, with an archive of their loaded classes (JVM
 * option {@code SharedArchiveFile}): a node then starts in half the time. The archive is made once,
 * by a node that starts and ends; without it, should that fail, nodes start slowly.
 */
final class NodeClasses {
  private static final List<String> OPTIONS =
      List.of(
          "-Xmx512m",
          "-XX:+UseSerialGC",
          "-XX:TieredStopAtLevel=1",
          "--enable-native-access=ALL-UNNAMED",
          "--sun-misc-unsafe-memory-access=allow");

  private static final long MAKING_SECONDS_MAX = 90;

  private final String classPath;
  private final Path archive;

  private NodeClasses(String classPath, Path archive) {
    this.classPath = classPath;
    this.archive = archive;
  }

  /** Made when the first node of this JVM's tests starts. */
  private static final class Made {
    static final NodeClasses ONCE = make();
  }

  /**
   * The command of a JVM that has all of the tests' classes, but for the name of its main class.
   *
   * @param options of the JVM, besides those that all have
   */
  static List<String> java(List<String> options) {
    return Made.ONCE.command(options);
  }

  private List<String> command(List<String> options) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(OPTIONS);
    if (Files.exists(archive)) {
      command.add("-XX:SharedArchiveFile=" + archive);
    }
    command.addAll(options);
    command.addAll(List.of("-cp", classPath));
    return command;
  }

  private static NodeClasses make() {
    try {
      Path directory = Files.createTempDirectory("tandem-node-classes");
      Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(directory)));
      NodeClasses made =
          new NodeClasses(jars(directory), directory.resolve("node.jsa").toAbsolutePath());
      made.archive(directory);
      return made;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** An archive knows classes of jars alone. */
  private static String jars(Path directory) throws IOException {
    List<String> entries = new ArrayList<>();
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
      Path path = Path.of(entry);
      if (Files.isDirectory(path)) {
        Path jar = directory.resolve("classes-" + entries.size() + ".jar");
        pack(path, jar);
        entries.add(jar.toString());
      } else if (Files.exists(path)) {
        entries.add(entry);
      }
    }
    return String.join(File.pathSeparator, entries);
  }

  private static void pack(Path classes, Path jar) throws IOException {
    try (OutputStream file = Files.newOutputStream(jar);
        JarOutputStream out = new JarOutputStream(file);
        Stream<Path> tree = Files.walk(classes)) {
      out.setLevel(0);
      // directories too: migrations are looked for in one
      for (Path each : tree.filter(path -> !path.equals(classes)).sorted().toList()) {
        boolean directory = Files.isDirectory(each);
        String name = classes.relativize(each).toString().replace(File.separatorChar, '/');
        out.putNextEntry(new JarEntry(directory ? name + '/' : name));
        if (!directory) {
          Files.copy(each, out);
        }
        out.closeEntry();
      }
    }
  }

  /** A node that is ready and is stopped leaves the archive behind. */
  private void archive(Path directory) throws IOException {
    Path config =
        Files.writeString(
            directory.resolve("node.conf"),
            """
            tandem.node.directory = "%s"
            tandem.node.roles = [edge, control]
            tandem.http.operator-token = "%s"
            tandem.sip.port = 0
            """
                .formatted(directory.resolve("node"), NodeProcess.OPERATOR));
    List<String> command =
        new ArrayList<>(command(List.of("-XX:ArchiveClassesAtExit=" + archive, "-Xlog:disable")));
    command.add("io.tandem.ops.system.SystemNode");
    command.add(config.toString());
    Path log = directory.resolve("node.log");
    Process node =
        new ProcessBuilder(command)
            .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .start();
    try (var lines = node.inputReader()) {
      String line = lines.readLine();
      while (line != null && !line.startsWith("{")) {
        line = lines.readLine();
      }
      node.destroy();
      if (line == null || !node.waitFor(MAKING_SECONDS_MAX, TimeUnit.SECONDS)) {
        System.out.println(Files.readString(log));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    } finally {
      node.destroyForcibly();
    }
    System.out.println(
        "classes of nodes: "
            + (Files.exists(archive)
                ? Files.size(archive) / 1_000_000 + " MB archived"
                : "not archived, they start slowly"));
  }

  private static void delete(Path directory) {
    try (Stream<Path> tree = Files.walk(directory)) {
      for (Path each : tree.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(each);
      }
    } catch (IOException e) {
      System.err.println(directory + " is left behind: " + e);
    }
  }
}
