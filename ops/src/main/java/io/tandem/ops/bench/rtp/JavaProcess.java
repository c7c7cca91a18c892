package io.tandem.ops.bench.rtp;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A JVM of our own class path that is spoken to by lines; it ends when its input does. */
final class JavaProcess implements AutoCloseable {
  private static final int END_SECONDS_MAX = 5;

  private final Process process;
  private final BufferedReader out;
  private final BufferedWriter in;

  private JavaProcess(Process process) {
    this.process = process;
    this.out = process.inputReader(StandardCharsets.US_ASCII);
    this.in = process.outputWriter(StandardCharsets.US_ASCII);
  }

  static JavaProcess start(List<String> before, String main, List<String> arguments)
      throws IOException {
    List<String> command = new ArrayList<>(before);
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-Xmx512m",
            "-XX:+UseSerialGC",
            "-Dtandem-log=WARN",
            // to standard error, whatever else is on the class path: standard output is the
            // protocol
            "-Dlogback.configurationFile=logback.xml",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-cp",
            System.getProperty("java.class.path"),
            main));
    command.addAll(arguments);
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
    return new JavaProcess(process);
  }

  Process process() {
    return process;
  }

  void say(String line) throws IOException {
    in.write(line);
    in.newLine();
    in.flush();
  }

  /**
   * The next line.
   *
   * @throws IOException when the process has ended
   */
  String hear() throws IOException {
    String line = out.readLine();
    if (line == null) {
      throw new IOException("a process of the benchmark ended early; its message is above");
    }
    return line;
  }

  @Override
  public void close() {
    try {
      in.close();
      if (!process.waitFor(END_SECONDS_MAX, TimeUnit.SECONDS)) {
        // The next one wants its ports.
        process.destroyForcibly().waitFor(END_SECONDS_MAX, TimeUnit.SECONDS);
      }
    } catch (IOException gone) {
      process.destroyForcibly();
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
