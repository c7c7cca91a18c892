package io.tandem.ops.bench.call;

import io.tandem.ops.bench.call.Crowd.Wave;
import io.tandem.ops.bench.call.Rig.Cpu;

/**
 * One rate, and what it cost.
 *
 * @param events the journal grew by
 */
record Step(int perSecond, Wave wave, Cpu cpu, long events) {

  /** CPU milliseconds a call, which is CPU-seconds per 1000 calls. */
  private double perCall(long millis) {
    return (double) millis / Math.max(1, wave.placed());
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
    return (double) events / Math.max(1, wave.placed());
  }
}
