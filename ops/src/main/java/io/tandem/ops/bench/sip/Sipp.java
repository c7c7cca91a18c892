package io.tandem.ops.bench.sip;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** SIPp as caller, phone and answerer; its figures from its statistics file. */
final class Sipp implements AutoCloseable {
  private static final int SPARE_SECONDS = 8;
  private static final int STOP_SECONDS_MAX = 3;

  private final Path directory;
  private final int answererPort;
  private Process answerer;
  private int runs;

  /** What came of a run. */
  record Run(int asked, int succeeded, int failed, int repeats, long millis) {
    boolean isClean() {
      return succeeded == asked && failed == 0 && repeats == 0;
    }
  }

  private Sipp(Path directory, int answererPort, Process answerer) {
    this.directory = directory;
    this.answererPort = answererPort;
    this.answerer = answerer;
  }

  static boolean isInstalled() {
    return isInstalled("sipp");
  }

  static boolean isInstalled(String program) {
    for (String folder : System.getenv().getOrDefault("PATH", "").split(":")) {
      if (Files.isExecutable(Path.of(folder, program))) {
        return true;
      }
    }
    return Files.isExecutable(Path.of("/usr/sbin", program));
  }

  /** With an answerer that takes every call. */
  static Sipp start(Path directory) throws IOException {
    Files.writeString(directory.resolve("register.xml"), SippScenarios.REGISTER);
    Files.writeString(directory.resolve("caller.xml"), SippScenarios.CALLER);
    Files.writeString(directory.resolve("answerer.xml"), SippScenarios.ANSWERER);
    int port = SipServer.freePort();
    return new Sipp(directory, port, answerer(directory, port));
  }

  private static Process answerer(Path directory, int port) throws IOException {
    return spawn(
        directory,
        "answerer",
        List.of("-sf", "answerer.xml", "-i", "127.0.0.1", "-p", Integer.toString(port)));
  }

  int answererPort() {
    return answererPort;
  }

  /** Whole calls, hung up 50 ms after the answer's ACK. */
  Run calls(SipServer server, int perSecond, int calls) throws IOException, InterruptedException {
    return run(server, "caller", perSecond, calls);
  }

  /** REGISTER, 401, REGISTER with credentials, 200. */
  Run registrations(SipServer server, int perSecond, int calls)
      throws IOException, InterruptedException {
    return run(server, "register", perSecond, calls);
  }

  private Run run(SipServer server, String scenario, int perSecond, int calls)
      throws IOException, InterruptedException {
    if (!answerer.isAlive()) {
      answerer = answerer(directory, answererPort);
    }
    Path figures = directory.resolve(scenario + ++runs + ".csv");
    long seconds = calls / perSecond + SPARE_SECONDS;
    List<String> more =
        List.of(
            "127.0.0.1:" + server.port(),
            "-sf",
            scenario + ".xml",
            "-s",
            BenchRegistrar.USER,
            "-au",
            BenchRegistrar.USER,
            "-ap",
            BenchRegistrar.PASSWORD,
            "-i",
            "127.0.0.1",
            "-p",
            Integer.toString(SipServer.freePort()),
            "-r",
            Integer.toString(perSecond),
            "-m",
            Integer.toString(calls),
            "-l",
            "30000",
            "-timeout",
            Long.toString(seconds),
            "-trace_stat",
            "-fd",
            "1",
            "-stf",
            figures.toString());
    long begun = System.nanoTime();
    Process caller = spawn(directory, scenario + runs, more);
    if (!caller.waitFor(seconds + SPARE_SECONDS, TimeUnit.SECONDS)) {
      caller.destroyForcibly();
    }
    long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);
    return read(figures, calls, millis);
  }

  private static Process spawn(Path directory, String name, List<String> more) throws IOException {
    List<String> command = new ArrayList<>(List.of("sipp", "-nostdin", "-buff_size", "4194304"));
    command.addAll(more);
    Process process =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve(name + ".out").toFile())
            .start();
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
    return process;
  }

  private static Run read(Path figures, int asked, long millis) throws IOException {
    List<String> rows = Files.exists(figures) ? Files.readAllLines(figures) : List.of();
    if (rows.size() < 2) {
      return new Run(asked, 0, asked, 0, millis);
    }
    List<String> names = List.of(rows.getFirst().split(";", -1));
    String[] last = rows.getLast().split(";", -1);
    return new Run(
        asked,
        number(names, last, "SuccessfulCall(C)"),
        number(names, last, "FailedCall(C)"),
        number(names, last, "Retransmissions(C)"),
        millis);
  }

  private static int number(List<String> names, String[] row, String name) {
    int at = names.indexOf(name);
    return at < 0 || at >= row.length ? 0 : Integer.parseInt(row[at].strip());
  }

  @Override
  public void close() {
    answerer.destroy();
    try {
      if (!answerer.waitFor(STOP_SECONDS_MAX, TimeUnit.SECONDS)) {
        answerer.destroyForcibly();
      }
    } catch (InterruptedException e) {
      answerer.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
