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
      "  rate/s   ended     up  resent   CPU-s per 1000 calls: node  database  together   without"
          + " idle   events/call   commits/call   ringing p50/p99 ms   answer p99 ms";

  @Nullable Step best() {
    return CallBench.bestOf(steps);
  }

  boolean right() {
    return books.areRight(billed);
  }

  private double idlePerCall(Step step) {
    return 1000.0 * idle.millis() / idleMillis / step.perSecond();
  }

  String text() {
    StringBuilder text = new StringBuilder(HEAD).append('\n');
    for (Step step : steps) {
      text.append(
          String.format(
              Locale.ROOT,
              "  %6d  %6d %6d  %6d   %26.2f  %8.2f  %8.2f   %12.2f   %11.2f   %12.2f   %18s  "
                  + " %13d%n",
              step.perSecond(),
              step.passed().clean(),
              step.upMost(),
              step.repeats(),
              step.nodeCpu(),
              step.databaseCpu(),
              step.cpuTogether(),
              step.cpuTogether() - idlePerCall(step),
              step.eventsPerCall(),
              step.commitsPerCall(),
              step.passed().ring().millis(50) + " / " + step.passed().ring().millis(99),
              step.passed().answer().millis(99)));
      if (!step.passed().failures().isEmpty()) {
        text.append("          not clean: ").append(step.passed().failures()).append('\n');
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
            "Idle after the load, the node uses %.4f CPU-s a second and the database %.4f; this is"
                + " part of the figures above.%n",
            (double) idle.nodeMillis() / idleMillis,
            (double) idle.databaseMillis() / idleMillis));
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
              .put("begun", step.passed().placed())
              .put("ended", step.passed().clean())
              .put("up", step.upMost())
              .put("retransmissions", step.repeats())
              .put("nodeCpuSecondsPer1000", step.nodeCpu())
              .put("databaseCpuSecondsPer1000", step.databaseCpu())
              .put("cpuSecondsPer1000", step.cpuTogether())
              .put("withoutIdle", step.cpuTogether() - idlePerCall(step))
              .put("eventsPerCall", step.eventsPerCall())
              .put("commitsPerCall", step.commitsPerCall())
              .put("ringP50Millis", step.passed().ring().millis(50))
              .put("ringP99Millis", step.passed().ring().millis(99))
              .put("answerP99Millis", step.passed().answer().millis(99));
      ObjectNode failures = row.putObject("failures");
      step.passed().failures().forEach(failures::put);
    }
    return json.toString();
  }
}
