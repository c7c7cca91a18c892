package io.tandem.ops.bench.sip;

import io.tandem.ops.Scratch;
import io.tandem.ops.bench.call.ProcessTree;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code tandem bench sip}: what the SIP part costs, beside Kamailio. */
@Command(
    name = "sip",
    description = {
      "Drives calls (INVITE, 180, 200, ACK, BYE, 200) and registrations with digest through the SIP"
          + " part alone:",
      "a B2BUA with both legs and nothing behind it, then, where it is installed, Kamailio as"
          + " stateful proxy",
      "with either allocator. SIPp calls and answers; CPU is user and system of the server's"
          + " processes."
    },
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Exit codes: 0 a rate was clean (with --overload: at least 80 % of the peak at five times),",
      "1 it was not, 2 wrong options or no SIPp."
    })
public final class SipBench implements Callable<Integer> {
  private static final int RATE_MAX = 20_000;
  private static final int WARM_CALLS_PER_SECOND = 800;

  @Option(
      names = "--rates",
      split = ",",
      paramLabel = "PER_SECOND",
      defaultValue = "1000,2000,3000,4000",
      description =
          "Calls a second, rising; stops at the first that is not clean. Default:"
              + " ${DEFAULT-VALUE}.")
  private List<Integer> rates = List.of();

  @Option(
      names = "--registrations",
      split = ",",
      paramLabel = "PER_SECOND",
      defaultValue = "2000,4000",
      description = "Registrations a second, likewise. Default: ${DEFAULT-VALUE}.")
  private List<Integer> registrations = List.of();

  @Option(
      names = "--seconds",
      defaultValue = "5",
      description = "How long each rate is held. Default: ${DEFAULT-VALUE}.")
  private int seconds;

  @Option(
      names = "--warm",
      defaultValue = "12",
      description =
          "Seconds of calls and of registrations before Tandem is measured: a JIT compiles."
              + " Default: ${DEFAULT-VALUE}.")
  private int warm;

  @Option(
      names = "--no-peer",
      description = "Measures Tandem alone, where the machine's time is short.")
  private boolean alone;

  @Option(
      names = "--overload",
      description =
          "Instead: the highest rate of calls without a repetition, then five times as many, with"
              + " a load of our own.")
  private boolean overload;

  @Option(
      names = "--apart",
      description = "With --overload: a core for the server and another for the load (taskset).")
  private boolean apart;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws IOException, InterruptedException {
    rates.forEach(rate -> check("--rates", rate, 1, RATE_MAX));
    registrations.forEach(rate -> check("--registrations", rate, 1, RATE_MAX));
    check("--seconds", seconds, 1, 60);
    check("--warm", warm, 0, 60);
    if (overload) {
      Path directory = Files.createTempDirectory("tandem-bench-sip");
      try {
        return new Overload(spec.commandLine().getOut(), warm, seconds, apart).measure(directory)
            ? 0
            : 1;
      } finally {
        Scratch.clear(directory);
      }
    }
    if (!Sipp.isInstalled()) {
      spec.commandLine().getErr().println("SIPp is needed: apt install sip-tester");
      return 2;
    }
    Path directory = Files.createTempDirectory("tandem-bench-sip");
    try {
      return measure(directory) ? 0 : 1;
    } finally {
      Scratch.clear(directory);
    }
  }

  private boolean measure(Path directory) throws IOException, InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    out.println(
        "| server | | a second | done | failed | repeated | CPU-s / 1000 | busy % of a core |");
    out.println("| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |");
    boolean clean = false;
    try (Sipp sipp = Sipp.start(directory)) {
      try (SipServer tandem =
          SipServer.tandem(sipp.answererPort(), directory.resolve("tandem.log"))) {
        warm(sipp, tandem);
        clean = ladders(sipp, tandem, out);
      }
      if (!alone && Sipp.isInstalled("kamailio")) {
        for (String allocator : List.of("tlsf", "qm")) {
          try (SipServer kamailio = SipServer.kamailio(sipp.answererPort(), allocator, directory)) {
            boolean unused = ladders(sipp, kamailio, out);
          }
        }
      } else if (!alone) {
        out.println("Kamailio is not installed: no peer beside it.");
      }
    }
    out.flush();
    return clean;
  }

  private void warm(Sipp sipp, SipServer tandem) throws IOException, InterruptedException {
    if (warm > 0) {
      Sipp.Run calls = sipp.calls(tandem, WARM_CALLS_PER_SECOND, warm * WARM_CALLS_PER_SECOND);
      int least = registrations.isEmpty() ? 0 : warm * WARM_CALLS_PER_SECOND;
      Sipp.Run registered = sipp.registrations(tandem, WARM_CALLS_PER_SECOND, Math.max(1, least));
      spec.commandLine()
          .getErr()
          .println(
              "warm: "
                  + calls.succeeded()
                  + " calls, "
                  + registered.succeeded()
                  + " registrations");
    }
  }

  private boolean ladders(Sipp sipp, SipServer server, PrintWriter out)
      throws IOException, InterruptedException {
    List<Boolean> clean = new ArrayList<>();
    for (int rate : rates) {
      long before = new ProcessTree(server.process().pid()).cpuMillis();
      Sipp.Run run = sipp.calls(server, rate, rate * seconds);
      clean.add(show(out, server, "calls", rate, run, before));
      if (!run.isClean()) {
        break;
      }
    }
    for (int rate : registrations) {
      long before = new ProcessTree(server.process().pid()).cpuMillis();
      Sipp.Run run = sipp.registrations(server, rate, rate * seconds);
      boolean unused = show(out, server, "registrations", rate, run, before);
      if (!run.isClean()) {
        break;
      }
    }
    return clean.contains(true);
  }

  private static boolean show(
      PrintWriter out, SipServer server, String what, int rate, Sipp.Run run, long before) {
    long cpuMillis = new ProcessTree(server.process().pid()).cpuMillis() - before;
    out.printf(
        Locale.ROOT,
        "| %s | %s | %,d | %,d | %d | %d | %.3f | %d |%n",
        server.name(),
        what,
        rate,
        run.succeeded(),
        run.failed(),
        run.repeats(),
        (double) cpuMillis / Math.max(1, run.succeeded()),
        100 * cpuMillis / Math.max(1, run.millis()));
    out.flush();
    return run.isClean();
  }

  private void check(String option, int found, int least, int most) {
    if (found < least || found > most) {
      throw new ParameterException(
          spec.commandLine(), option + ": found " + found + ", allowed: " + least + " to " + most);
    }
  }
}
