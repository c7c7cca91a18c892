package io.tandem.ops.bench.call;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tandem.ops.bench.call.Rig.Cpu;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * All that a run came to.
 *
 * @param idle CPU spent in {@code idleMillis} without a call: heartbeats, sweeps, the feed
 * @param billed calls that lasted beyond their timer
 */
record Figures(
    long readyMillis,
    int agents,
    Cpu idle,
    int idleMillis,
    List<Step> steps,
    Books books,
    int billed) {
  private static final String HEAD =
      "  rate/s   calls  clean  resent   CPU-s per 1000 calls: node  database  together   events/call   ringing p50/p99 ms   answer p99 ms";

  @Nullable Step best() {
    return CallBench.bestOf(steps);
  }

  boolean right() {
    return books.areRight(billed);
  }

  String text() {
    StringBuilder text = new StringBuilder(HEAD).append('\n');
    for (Step step : steps) {
      text.append(
          String.format(
              Locale.ROOT,
              "  %6d  %6d %6d  %6d   %26.2f  %8.2f  %8.2f   %11.2f   %18s   %13d%n",
              step.perSecond(),
              step.wave().placed(),
              step.wave().clean(),
              step.wave().repeats(),
              step.nodeCpu(),
              step.databaseCpu(),
              step.cpuTogether(),
              step.eventsPerCall(),
              step.wave().ring().millis(50) + " / " + step.wave().ring().millis(99),
              step.wave().answer().millis(99)));
      if (!step.wave().failures().isEmpty()) {
        text.append("          not clean: ").append(step.wave().failures()).append('\n');
      }
    }
    Step best = best();
    text.append(
        best == null
            ? "No rate was clean.\n"
            : "Highest clean rate: "
                + best.perSecond()
                + " calls/s (no failure, no retransmission), each billed.\n");
    text.append(
        String.format(
            Locale.ROOT,
            "Idle, node and database use %.3f CPU-s a second; this is part of the figures above.%n",
            (double) idle.millis() / idleMillis));
    text.append("Start: ready ")
        .append(readyMillis)
        .append(" ms after the JVM began. ")
        .append(agents)
        .append(" agents.\n");
    return text.append(bookLines()).toString();
  }

  private String bookLines() {
    return "Books: "
        + books.charges()
        + " charges for "
        + billed
        + " billed calls, "
        + books.twice()
        + " charged twice, "
        + (books.heldMicros() == 0 ? "nothing held" : books.heldMicros() + " micros still held")
        + ", trial balance "
        + (books.balanced() ? "zero" : "NOT ZERO")
        + ", "
        + books.verification().events()
        + " events of "
        + books.verification().entities()
        + " entities verified, "
        + books.verification().problemCount()
        + " problems: "
        + (right() ? "right." : "WRONG.");
  }

  String json() {
    ObjectNode json = new ObjectMapper().createObjectNode();
    Step best = best();
    json.put("cleanRate", best == null ? 0 : best.perSecond())
        .put("readyMillis", readyMillis)
        .put("agents", agents)
        .put("idleCpuPerSecond", (double) idle.millis() / idleMillis)
        .put("billedCalls", billed)
        .put("charges", books.charges())
        .put("chargedTwice", books.twice())
        .put("trialBalanceZero", books.balanced())
        .put("journalSound", books.verification().isSound())
        .put("booksRight", right());
    ArrayNode rows = json.putArray("steps");
    for (Step step : steps) {
      ObjectNode row =
          rows.addObject()
              .put("rate", step.perSecond())
              .put("rateBegun", step.wave().rate())
              .put("calls", step.wave().placed())
              .put("clean", step.wave().clean())
              .put("retransmissions", step.wave().repeats())
              .put("nodeCpuSecondsPer1000", step.nodeCpu())
              .put("databaseCpuSecondsPer1000", step.databaseCpu())
              .put("cpuSecondsPer1000", step.cpuTogether())
              .put("eventsPerCall", step.eventsPerCall())
              .put("ringP50Millis", step.wave().ring().millis(50))
              .put("ringP99Millis", step.wave().ring().millis(99))
              .put("answerP99Millis", step.wave().answer().millis(99));
      ObjectNode failures = row.putObject("failures");
      step.wave().failures().forEach(failures::put);
    }
    return json.toString();
  }
}
