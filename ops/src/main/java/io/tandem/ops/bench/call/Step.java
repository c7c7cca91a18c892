package io.tandem.ops.bench.call;

import io.tandem.ops.bench.call.Rig.Counted;
import io.tandem.ops.bench.call.Rig.Cpu;
import io.tandem.ops.bench.call.Tally.Passed;

/**
 * A window at one rate, and what it cost. As many calls end in it as begin; those that end are the
 * ones it is divided by.
 *
 * @param repeats messages that passed a second time
 * @param cpu all of the window's, idle work included
 * @param counted what the database had to do
 * @param upMost calls at the same time at its end
 */
record Step(int perSecond, Passed passed, long repeats, Cpu cpu, Counted counted, int upMost) {

  boolean isClean() {
    return passed.failures().isEmpty() && repeats == 0 && passed.clean() > 0;
  }

  /** CPU milliseconds a call, which is CPU-seconds per 1000 calls. */
  private double perCall(long amount) {
    return (double) amount / Math.max(1, passed.clean());
  }

  double nodeCpu() {
    return perCall(cpu.nodeMillis());
  }

  double databaseCpu() {
    return perCall(cpu.databaseMillis());
  }

  double cpuTogether() {
    return perCall(cpu.millis());
  }

  double eventsPerCall() {
    return perCall(counted.events());
  }

  double commitsPerCall() {
    return perCall(counted.commits());
  }
}
