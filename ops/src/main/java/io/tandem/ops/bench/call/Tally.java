package io.tandem.ops.bench.call;

import io.tandem.protocol.sip.ua.CallEnd;
import io.tandem.protocol.sip.ua.UaCall;
import java.util.Map;
import java.util.TreeMap;

/** What became of the calls, between one look and the next. Thread-safe. */
final class Tally {
  private int placed;
  private int clean;
  private Map<String, Integer> failures = new TreeMap<>();
  private Latency ring = new Latency();
  private Latency answer = new Latency();
  private int open;

  /**
   * What passed between two looks.
   *
   * @param placed calls that began
   * @param clean calls that the caller ended after they were answered and had lasted
   * @param failures how often each other end came
   * @param ring from INVITE to ringing, of those that were answered
   * @param answer from INVITE to the answer
   */
  record Passed(
      int placed, int clean, Map<String, Integer> failures, Latency ring, Latency answer) {}

  synchronized void placed() {
    placed++;
    open++;
  }

  synchronized void answered(UaCall call) {
    answer.add(call.times().answeredNanos() - call.times().startedNanos());
    if (call.times().ringingNanos() != 0) {
      ring.add(call.times().ringingNanos() - call.times().startedNanos());
    }
  }

  synchronized void ended(CallEnd end) {
    open--;
    if (end.answered() && end.cause() == CallEnd.Cause.HUNG_UP_HERE) {
      clean++;
    } else {
      failures.merge(
          end.cause() + " " + end.status() + (end.answered() ? " after the answer" : ""),
          1,
          Integer::sum);
    }
  }

  /** Calls that have begun and not ended. */
  synchronized int open() {
    return open;
  }

  /** What passed since the last look. */
  synchronized Passed passed() {
    Passed passed = new Passed(placed, clean, failures, ring, answer);
    placed = 0;
    clean = 0;
    failures = new TreeMap<>();
    ring = new Latency();
    answer = new Latency();
    return passed;
  }
}
