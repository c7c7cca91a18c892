package io.tandem.ops.bench.call;

import io.tandem.ops.Progress;
import io.tandem.ops.api.Api;
import io.tandem.ops.api.Market;
import io.tandem.ops.bench.call.Crowd.Wave;
import io.tandem.ops.bench.call.Rig.Cpu;
import io.tandem.ops.phone.Phones;
import io.tandem.persistence.money.Money;
import io.tandem.protocol.sip.ua.CallMedia;
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
import java.util.stream.Stream;
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
      "Drives whole billed calls through a node of its own on PostgreSQL (durable commits) and prints what one costs.",
      "Every call crosses its qualifying timer of 30 s (QT-1), so a step takes 30 s and its burst."
    },
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Exit codes: 0 a rate was clean and the books are right, 1 not, 2 wrong options."
    })
public final class CallBench implements Callable<Integer> {
  private static final int TIMER_MILLIS = 30_000;
  private static final int HOLD_MILLIS = TIMER_MILLIS + 500;
  private static final int BURST_SECONDS = 10;
  private static final int CONCURRENT_MAX = 5_000;
  private static final int RATE_MAX = 2_000;
  private static final int RUN_SECONDS_MAX = 175;
  private static final int SETTLE_MILLIS = 1_500;
  private static final int IDLE_MILLIS = 3_000;
  private static final int SILENT_PORT = 9_000;
  private static final int BOOKS_SECONDS = 8;
  private static final String NUMBER = "18005550100";
  private static final Money PRICE = Money.ofUnits(1, "USD");
  private static final Money OPENING = Money.ofUnits(1_000_000, "USD");

  @Option(
      names = "--rates",
      split = ",",
      paramLabel = "PER_SECOND",
      defaultValue = "50,100,200",
      description =
          "Rates to try, rising; stops at the first that is not clean. Default: ${DEFAULT-VALUE}.")
  private List<Integer> rates = List.of();

  @Option(
      names = "--concurrent",
      defaultValue = "2000",
      description =
          "Calls at the same time at most, up to 5000; a burst is ten seconds or this many. Default: ${DEFAULT-VALUE}.")
  private int concurrent;

  @Option(
      names = "--agents",
      defaultValue = "100",
      description =
          "Agents, each with an account, a wallet and a phone. Default: ${DEFAULT-VALUE}.")
  private int agents;

  @Option(names = "--json", description = "Prints the figures as one JSON object.")
  private boolean json;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws IOException, SQLException, InterruptedException {
    check("--concurrent", concurrent, 10, CONCURRENT_MAX);
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
      clear(directory);
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
    long begun = System.nanoTime();
    told.println("Starting PostgreSQL and a node …");
    told.flush();
    try (Rig rig = Rig.start(directory);
        Crowd crowd =
            new Crowd(rig.sip(), NUMBER, () -> CallMedia.none(Phones.HOST, SILENT_PORT))) {
      told.println(
          "The node was ready "
              + rig.readyMillis()
              + " ms after its JVM began. Setting up "
              + agents
              + " agents over HTTP …");
      told.flush();
      provision(rig, crowd);
      warm(crowd, told);
      Cpu idle = idle(rig);
      List<Step> steps = new ArrayList<>();
      for (int rate : rates) {
        int calls = Math.min(concurrent, rate * BURST_SECONDS);
        if (seconds(begun) + calls / rate + HOLD_MILLIS / 1000 + BOOKS_SECONDS > RUN_SECONDS_MAX) {
          told.println("No time is left for " + rate + "/s within " + RUN_SECONDS_MAX + " s.");
          break;
        }
        Step step = step(rig, crowd, rate, calls, told);
        steps.add(step);
        if (!step.wave().isClean()) {
          break;
        }
      }
      Books books = Books.of(rig.settings());
      int billed = steps.stream().mapToInt(step -> step.wave().clean()).sum();
      return new Figures(rig.readyMillis(), agents, idle, IDLE_MILLIS, steps, books, billed);
    }
  }

  private static long seconds(long since) {
    return TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - since);
  }

  private void provision(Rig rig, Crowd crowd) throws InterruptedException {
    try (Api api = new Api(rig.http(), Rig.token())) {
      Market market = Market.open(api, "bench", PRICE, TIMER_MILLIS);
      String publisher = market.account("Bench campaigns");
      String campaign = market.campaign(publisher, "Bench", NUMBER);
      if (campaign.isEmpty()) {
        throw new IllegalStateException("the campaign has no id");
      }
      int concurrency = Math.min(1_000, 2 * Math.ceilDiv(concurrent, agents) + 2);
      for (int i = 0; i < agents; i++) {
        String account = market.account("Bench agency " + i);
        market.deposit(account, OPENING);
        crowd.phone(
            market.agent(account, "Agent " + i, "bench-" + i, "bench-secret-" + i, concurrency));
      }
    }
    TimeUnit.MILLISECONDS.sleep(SETTLE_MILLIS); // the edge's directory follows the journal
  }

  /**
   * Calls that are over before the timer: they are not billed and not counted, and the JIT has seen
   * the way of a call.
   */
  private void warm(Crowd crowd, PrintWriter told) throws InterruptedException {
    Wave first = crowd.wave(20, 20, 200);
    Wave rest = crowd.wave(980, 100, 200);
    told.println(
        "Warm: "
            + (first.clean() + rest.clean())
            + " of 1000 short calls, first ones answered within "
            + first.answer().millis(50)
            + " ms (median). "
            + first.failures()
            + rest.failures());
    told.flush();
  }

  private static Cpu idle(Rig rig) throws InterruptedException {
    Cpu before = rig.cpu();
    TimeUnit.MILLISECONDS.sleep(IDLE_MILLIS);
    return rig.cpu().minus(before);
  }

  private Step step(Rig rig, Crowd crowd, int rate, int calls, PrintWriter told)
      throws SQLException, InterruptedException {
    long events = rig.events();
    Cpu before = rig.cpu();
    Progress bar = new Progress(told, rate + "/s");
    bar.show(0, 1, calls + " calls, each longer than " + TIMER_MILLIS / 1000 + " s");
    Wave wave = crowd.wave(calls, rate, HOLD_MILLIS);
    TimeUnit.MILLISECONDS.sleep(SETTLE_MILLIS); // the last ends are being stored
    Step step = new Step(rate, wave, rig.cpu().minus(before), rig.events() - events);
    bar.show(
        1,
        1,
        wave.clean()
            + " clean, "
            + wave.repeats()
            + " retransmissions"
            + (wave.failures().isEmpty() ? "" : ", " + wave.failures()));
    bar.done();
    return step;
  }

  private static void clear(Path directory) throws IOException {
    List<Path> inside;
    try (Stream<Path> walk = Files.walk(directory)) {
      inside = walk.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path each : inside) {
      boolean unused = Files.deleteIfExists(each);
    }
  }

  /** The highest clean step; null where none was. */
  static @Nullable Step bestOf(List<Step> steps) {
    return steps.stream()
        .filter(step -> step.wave().isClean())
        .max(Comparator.comparingInt(Step::perSecond))
        .orElse(null);
  }
}
