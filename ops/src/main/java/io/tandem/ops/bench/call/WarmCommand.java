package io.tandem.ops.bench.call;

import io.tandem.ops.Scratch;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * {@code tandem warm}: a node is driven for a minute and what its JVM has learnt is kept (JEP 483,
 * 514 and 515: classes loaded and linked, and which methods are hot), so that later ones are ready
 * sooner and compile at once what counts.
 */
@Command(
    name = "warm",
    description = {
      "Drives a node of its own with calls for a minute and keeps what its JVM has learnt, for"
          + " nodes that start from now on (an AOT cache, JEP 514).",
      "They are ready sooner and carry more calls in their first minute. Anew after each build: a"
          + " cache that is older than the build is not used."
    },
    mixinStandardHelpOptions = true,
    footer = {"", "Exit codes: 0 there is a cache, 1 there is none, 2 wrong options."})
public final class WarmCommand implements Callable<Integer> {
  private static final int AGENTS = 20;
  private static final int CONCURRENCY = 500;
  private static final int PER_SECOND = 30;
  private static final int SHORT_SECONDS = 15;
  private static final int SHORT_MILLIS = 200;
  private static final int BILLED_SECONDS = 10;
  private static final int BILLED_MILLIS = Provisions.TIMER_MILLIS + 500;

  /** The JVM writes the cache when it ends, which takes longer than ending. */
  private static final int WRITTEN_SECONDS_MAX = 180;

  private static final double OCTETS_PER_MEGABYTE = 1_000_000;

  @Option(
      names = "--to",
      paramLabel = "FILE",
      defaultValue = "${sys:tandem-home:-.}/target/tandem.aot",
      description =
          "Where the cache is put; ./tandem looks at the default. Default: ${DEFAULT-VALUE}.")
  private Path to = Path.of("tandem.aot");

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws IOException, SQLException, InterruptedException {
    String path = System.getProperty("java.class.path");
    Optional<String> directory =
        Arrays.stream(path.split(File.pathSeparator)).filter(WarmCommand::isDirectory).findFirst();
    if (directory.isPresent()) {
      throw new ParameterException(
          spec.commandLine(),
          "class path: found the directory "
              + directory.get()
              + ", allowed: jars only (the JVM keeps nothing of a directory); use ./tandem warm");
    }
    Path scratch = Files.createTempDirectory("tandem-warm");
    try {
      Path made = scratch.resolve("tandem.aot");
      train(scratch, made);
      if (!Files.exists(made) || Files.size(made) == 0) {
        spec.commandLine().getErr().println("the JVM left no cache; was this a JDK 25?");
        return 1;
      }
      Files.createDirectories(to.toAbsolutePath().getParent());
      Files.move(made, to, StandardCopyOption.REPLACE_EXISTING);
      say("%s: %.0f MB".formatted(to, Files.size(to) / OCTETS_PER_MEGABYTE));
      return 0;
    } finally {
      Scratch.clear(scratch);
    }
  }

  private void train(Path scratch, Path made)
      throws IOException, SQLException, InterruptedException {
    say("Starting PostgreSQL and a node …");
    List<String> options =
        List.of("-XX:AOTCacheOutput=" + made, "-Xlog:disable", "-Xlog:all=error:stderr");
    Rig rig = Rig.start(scratch, options);
    try (Crowd crowd = Crowd.silent(rig.sip(), Provisions.NUMBER)) {
      Provisions.of(rig, crowd, AGENTS, CONCURRENCY);
      say("Calls, the last of them billed: a minute …");
      crowd.call(PER_SECOND, SHORT_SECONDS, SHORT_MILLIS);
      crowd.call(PER_SECOND, BILLED_SECONDS, BILLED_MILLIS);
      int never = crowd.drain(BILLED_MILLIS);
      Tally.Passed passed = crowd.tally().passed();
      say(
          "%d calls, failed: %s, never over: %d. Ending the node, which writes the cache …"
              .formatted(passed.clean(), passed.failures(), never));
    } finally {
      rig.close(WRITTEN_SECONDS_MAX);
    }
  }

  private static boolean isDirectory(String entry) {
    return Files.isDirectory(Path.of(entry));
  }

  private void say(String line) {
    PrintWriter out = spec.commandLine().getOut();
    out.println(line);
    out.flush();
  }
}
