package io.tandem.ops.bench.sip;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * OPS-5 for the SIP part alone: the highest rate of calls without a repetition, then five times as
 * many. The server is a JVM of its own; load and server share the machine's cores, or have one
 * each.
 */
final class Overload {
  private static final int FIRST = 1_000;
  private static final int RATE_MAX = 20_000;
  private static final int WARM_RATE = 1_500;
  private static final int TIMES = 5;
  private static final int PERCENT_LEAST = 80;
  private static final int WARM_OVERLOAD = 40_000;
  private static final int WARM_OVERLOADS = 3;
  private static final int TRIES = 3;

  private final PrintWriter out;
  private final int warmSeconds;
  private final int seconds;
  private final boolean apart;

  /**
   * @param apart whether server and load have a core each
   */
  Overload(PrintWriter out, int warmSeconds, int seconds, boolean apart) {
    this.apart = apart;
    this.out = out;
    this.warmSeconds = warmSeconds;
    this.seconds = seconds;
  }

  /**
   * Whether goodput at five times the capacity is at least 80 % of the peak, in the median of three
   * tries, and every BYE is served.
   */
  boolean measure(Path directory) throws IOException, InterruptedException {
    List<String> before = apart ? List.of("taskset", "-c", "0") : List.of();
    if (apart) {
      stayOn("1");
    }
    out.println(
        "| calls a second asked | offered | done a second | refused | lost | repeated | BYEs sent |"
            + " served | dropped by the system |");
    out.println("| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
    try (Load load = new Load();
        SipServer server =
            SipServer.tandem(load.answererPort(), directory.resolve("tandem.log"), before)) {
      warmUp(load, server.port());
      int clean = 0;
      int peak = 0;
      boolean stumbled = false;
      for (int rate = FIRST; rate <= RATE_MAX; ) {
        Load.Run run = load.run(server.port(), rate, seconds);
        show(rate, run);
        clean = run.isClean() ? rate : clean;
        // after a pause of the machine more may end in a second than begin
        int reached = Math.min(run.donePerSecond(), run.offeredPerSecond());
        boolean falls = reached < peak || run.refused() > 0;
        peak = Math.max(peak, reached);
        if (falls && stumbled) {
          break; // twice at one rate: it is not a pause of the machine
        }
        stumbled = falls;
        rate = falls ? rate : rate * 5 / 4;
      }
      return atFiveTimes(load, server.port(), clean, peak);
    } finally {
      out.flush();
    }
  }

  /** Three tries; the median of them counts. */
  private boolean atFiveTimes(Load load, int port, int clean, int peak) throws IOException {
    int[] percent = new int[TRIES];
    long byes = 0;
    long byesServed = 0;
    for (int i = 0; i < TRIES; i++) {
      Load.Run over = load.run(port, TIMES * peak, seconds);
      show(TIMES * peak, over);
      percent[i] = 100 * over.donePerSecond() / Math.max(1, peak);
      byes += over.byes();
      byesServed += over.byesServed();
    }
    Arrays.sort(percent);
    out.printf(
        Locale.ROOT,
        "Highest rate without a repetition: %,d. At %d times the peak of %,d: %d %% of it (%d to"
            + " %d %% in %d tries), %.2f %% of BYEs served.%n",
        clean,
        TIMES,
        peak,
        percent[TRIES / 2],
        percent[0],
        percent[TRIES - 1],
        TRIES,
        100.0 * byesServed / Math.max(1, byes));
    return percent[TRIES / 2] >= PERCENT_LEAST && byesServed == byes;
  }

  /** What is refused, and what is served beside it, is compiled too before it is measured. */
  private void warmUp(Load load, int port) throws IOException {
    for (int i = 0; i < warmSeconds; i++) {
      var unused = load.run(port, WARM_RATE, 1);
    }
    for (int i = 0; i < WARM_OVERLOADS; i++) {
      var unusedToo = load.run(port, WARM_OVERLOAD, Math.ceilDiv(warmSeconds, 2 * WARM_OVERLOADS));
      var unused = load.run(port, WARM_RATE, 1);
    }
  }

  /** Every thread of this process, those to come included. */
  private static void stayOn(String core) throws IOException, InterruptedException {
    String self = Long.toString(ProcessHandle.current().pid());
    Process pinning =
        new ProcessBuilder("taskset", "-a", "-c", "-p", core, self)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    if (pinning.waitFor() != 0) {
      throw new IOException("taskset could not give this process core " + core);
    }
  }

  private void show(int rate, Load.Run run) {
    out.printf(
        Locale.ROOT,
        "| %,d | %,d | %,d | %,d | %,d | %,d | %,d | %,d | %,d |%n",
        rate,
        run.offeredPerSecond(),
        run.donePerSecond(),
        run.refused(),
        run.lost(),
        run.repeats(),
        run.byes(),
        run.byesServed(),
        run.dropped());
    out.flush();
  }
}
