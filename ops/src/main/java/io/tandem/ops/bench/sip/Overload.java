package io.tandem.ops.bench.sip;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;

/**
 * OPS-5 for the SIP part alone: the highest rate of calls without a repetition, then five times as
 * many. The server has one core where there are two and {@code taskset}; the load has the other.
 */
final class Overload {
  private static final int FIRST = 1_000;
  private static final int RATE_MAX = 12_000;
  private static final int WARM_RATE = 1_500;
  private static final int TIMES = 5;
  private static final int PERCENT_LEAST = 80;

  private final PrintWriter out;
  private final int warmSeconds;
  private final int seconds;

  Overload(PrintWriter out, int warmSeconds, int seconds) {
    this.out = out;
    this.warmSeconds = warmSeconds;
    this.seconds = seconds;
  }

  /**
   * Whether goodput at five times the capacity is at least 80 % of the peak and BYEs are served.
   */
  boolean measure(Path directory) throws IOException {
    out.println(
        "| calls a second offered | done a second | refused | lost | repeated | BYEs sent | served"
            + " |");
    out.println("| ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
    try (Load load = new Load();
        SipServer server =
            SipServer.tandemOnOneCore(load.answererPort(), directory.resolve("tandem.log"))) {
      for (int i = 0; i < warmSeconds; i++) {
        var unused = load.run(server.port(), WARM_RATE, 1);
      }
      int peak = 0;
      for (int rate = FIRST; rate <= RATE_MAX; rate = rate * 5 / 4) {
        Load.Run run = load.run(server.port(), rate, seconds);
        show(rate, run);
        if (!run.isClean()) {
          break;
        }
        peak = rate;
      }
      if (peak == 0) {
        out.println("No rate was clean.");
        return false;
      }
      Load.Run five = load.run(server.port(), TIMES * peak, seconds);
      show(TIMES * peak, five);
      int percent = 100 * five.donePerSecond() / peak;
      out.printf(
          Locale.ROOT,
          "At %d times the highest clean rate: %d %% of it, %.2f %% of BYEs served.%n",
          TIMES,
          percent,
          100.0 * five.byesServed() / Math.max(1, five.byes()));
      return percent >= PERCENT_LEAST;
    } finally {
      out.flush();
    }
  }

  private void show(int rate, Load.Run run) {
    out.printf(
        Locale.ROOT,
        "| %,d | %,d | %,d | %,d | %,d | %,d | %,d |%n",
        rate,
        run.donePerSecond(),
        run.refused(),
        run.lost(),
        run.repeats(),
        run.byes(),
        run.byesServed());
    out.flush();
  }
}
