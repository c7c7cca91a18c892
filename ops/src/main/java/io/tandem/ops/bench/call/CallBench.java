package io.tandem.ops.bench.call;

import io.tandem.ops.Scratch;
import io.tandem.ops.bench.call.Rig.Counted;
import io.tandem.ops.bench.call.Rig.Cpu;
import io.tandem.ops.bench.call.Tally.Passed;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * {@code tandem bench call}: what a whole billed, journaled call costs, and how many a second go
 * through cleanly.
 */
@Command(
    name = "call",
    description = {
      "Drives whole billed calls through a node of its own on PostgreSQL (durable commits) and"
          + " prints what one costs.",
      "Every call crosses its qualifying timer of 30 s (QT-1): at 100 a second 3,000 calls are up"
          + " at a time."
    },
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Exit codes: 0 a rate was clean and the books are right, 1 not, 2 wrong options."
    })
public final class CallBench implements Callable<Integer> {
  private static final int HOLD_MILLIS = Provisions.TIMER_MILLIS + 500;
  private static final int RATE_MAX = 2_000;
  private static final int FIRST_SECONDS = 3;
  private static final int FIRST_PER_SECOND = 10;
  private static final int SHORT_PER_SECOND = 150;
  private static final int SHORT_MILLIS = 200;
  private static final int SETTLE_MILLIS = 5_000;
  private static final int IDLE_MILLIS = 10_000;
  private static final int LOG_LINES = 20;

  @Option(
      names = "--rates",
      split = ",",
      paramLabel = "PER_SECOND",
      defaultValue = "50,100,200",
      description =
          "Rates to try, rising; stops at the first that is not clean. Default: ${DEFAULT-VALUE}.")
  private List<Integer> rates = List.of();

  @Option(
      names = "--warm",
      paramLabel = "SECONDS",
      defaultValue = "45",
      description =
          "Calls at a step's rate before its window, so that the JIT is done and as many calls end"
              + " as begin. Default: ${DEFAULT-VALUE}.")
  private int warm;

  @Option(
      names = "--short",
      paramLabel = "SECONDS",
      defaultValue = "60",
      description =
          "Before the first step, 150 calls a second that end before the timer, so that the JIT has"
              + " seen the way of a call often enough. Default: ${DEFAULT-VALUE}.")
  private int shortSeconds;

  @Option(
      names = "--window",
      paramLabel = "SECONDS",
      defaultValue = "30",
      description = "What is measured of each step. Default: ${DEFAULT-VALUE}.")
  private int window;

  @Option(
      names = "--agents",
      defaultValue = "100",
      description =
          "Agents, each with an account, a wallet and a phone. Default: ${DEFAULT-VALUE}.")
  private int agents;

  @Option(
      names = "--node-option",
      paramLabel = "OPTION",
      description = "For the node's JVM, for example a profiler's agent; may be given many times.")
  private List<String> nodeOptions = List.of();

  @Option(names = "--json", description = "Prints the figures as one JSON object.")
  private boolean json;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws IOException, SQLException, InterruptedException {
    check("--warm", warm, HOLD_MILLIS / 1000 + 2, 600);
    check("--short", shortSeconds, 0, 600);
    check("--window", window, 5, 600);
    check("--agents", agents, 1, 1_000);
    rates.forEach(rate -> check("--rates", rate, 1, RATE_MAX));
    PrintWriter told = json ? spec.commandLine().getErr() : spec.commandLine().getOut();
    Path directory = Files.createTempDirectory("tandem-bench");
    try {
      Figures figures = measure(directory, told);
      spec.commandLine().getOut().println(json ? figures.json() : figures.text());
      spec.commandLine().getOut().flush();
      return figures.best() != null && figures.right() ? 0 : 1;
    } finally {
      Scratch.clear(directory);
    }
  }

  private void check(String option, int found, int least, int most) {
    if (found < least || found > most) {
      throw new ParameterException(
          spec.commandLine(), option + ": found " + found + ", allowed: " + least + " to " + most);
    }
  }

  private Figures measure(Path directory, PrintWriter told)
      throws IOException, SQLException, InterruptedException {
    told.println("Starting PostgreSQL and a node …");
    told.flush();
    try (Rig rig = Rig.start(directory, nodeOptions);
        Crowd crowd = Crowd.silent(rig.sip(), Provisions.NUMBER)) {
      told.println(
          "The node was ready "
              + rig.readyMillis()
              + " ms after its JVM began. Setting up "
              + agents
              + " agents over HTTP …");
      told.flush();
      int most = rates.stream().mapToInt(Integer::intValue).max().orElse(1);
      int concurrency = Math.min(1_000, 2 * Math.ceilDiv(most * HOLD_MILLIS / 1000, agents) + 10);
      Provisions.of(rig, crowd, agents, concurrency);
      shortCalls(crowd, told);
      List<Step> steps = new ArrayList<>();
      int billed = 0;
      for (int rate : rates) {
        told.println(rate + " calls/s: " + warm + " s to warm up, then " + window + " s …");
        told.flush();
        crowd.call(rate, warm, HOLD_MILLIS);
        Passed before = crowd.tally().passed();
        Step step = step(rig, crowd, rate);
        billed += before.clean() + step.passed().clean();
        steps.add(step);
        if (!before.failures().isEmpty()) {
          told.println("while warming up: " + before.failures());
        }
        if (!step.isClean()) {
          break;
        }
      }
      int never = crowd.drain(HOLD_MILLIS);
      Passed rest = crowd.tally().passed();
      billed += rest.clean();
      if (never > 0 || !rest.failures().isEmpty()) {
        told.println("at the end: " + rest.failures() + ", never over: " + never);
      }
      Cpu idle = idle(rig);
      Books books = Books.of(rig.settings());
      Figures figures =
          new Figures(rig.readyMillis(), agents, idle, IDLE_MILLIS, steps, books, billed);
      tellLog(directory, told);
      return figures;
    }
  }

  /** They are over before the timer, not billed and not counted. */
  private void shortCalls(Crowd crowd, PrintWriter told) throws InterruptedException {
    crowd.call(FIRST_PER_SECOND, FIRST_SECONDS, SHORT_MILLIS);
    crowd.call(SHORT_PER_SECOND, shortSeconds, SHORT_MILLIS);
    int never = crowd.drain(SHORT_MILLIS);
    Passed passed = crowd.tally().passed();
    crowd.countAnew();
    told.println(
        passed.clean()
            + " short calls to begin with, "
            + passed.failures()
            + (never > 0 ? ", never over: " + never : ""));
    told.flush();
  }

  /** What the node had to say; it only warns. */
  private static void tellLog(Path directory, PrintWriter told) throws IOException {
    List<String> lines = Rig.log(directory);
    lines.stream().limit(LOG_LINES).forEach(told::println);
    if (lines.size() > LOG_LINES) {
      told.println("… and " + (lines.size() - LOG_LINES) + " lines more of the node's log");
    }
    told.flush();
  }

  private static Cpu idle(Rig rig) throws InterruptedException {
    TimeUnit.MILLISECONDS.sleep(SETTLE_MILLIS); // the last ends are being stored
    Cpu before = rig.cpu();
    TimeUnit.MILLISECONDS.sleep(IDLE_MILLIS);
    return rig.cpu().minus(before);
  }

  /** The database is asked outside of what is measured. */
  private Step step(Rig rig, Crowd crowd, int rate) throws SQLException {
    Counted counted = rig.counted();
    long repeats = crowd.repeats();
    Cpu before = rig.cpu();
    crowd.call(rate, window, HOLD_MILLIS);
    Cpu cpu = rig.cpu().minus(before);
    Passed passed = crowd.tally().passed();
    return new Step(
        rate,
        passed,
        crowd.repeats() - repeats,
        cpu,
        rig.counted().minus(counted),
        crowd.tally().open());
  }

  /** The highest clean step; null where none was. */
  static @Nullable Step bestOf(List<Step> steps) {
    return steps.stream()
        .filter(Step::isClean)
        .max(Comparator.comparingInt(Step::perSecond))
        .orElse(null);
  }
}
