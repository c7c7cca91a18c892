package io.tandem.ops.bench.rtp;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * CPU time of everybody on this machine but the processes of a run. A measurement that others were
 * running beside says little of latencies, and it should say so.
 */
final class Others {
  private static final Path STAT = Path.of("/proc/stat");

  /** {@code USER_HZ}, which is 100 wherever this bench runs. */
  private static final long TICKS_PER_SECOND = 100;

  private final List<ProcessHandle> ours;

  Others(List<ProcessHandle> ours) {
    this.ours = ours;
  }

  /** So far; only differences mean something. */
  Duration cpu() throws IOException {
    String line = Files.readString(STAT).lines().findFirst().orElse("");
    return busy(line).minus(own());
  }

  /**
   * User, nice and system time of all CPUs since the machine began: interrupts are nobody's.
   *
   * @param line the first of {@code /proc/stat}
   */
  static Duration busy(String line) throws IOException {
    String[] fields = line.strip().split("\\s+", -1);
    if (fields.length < 4 || !fields[0].equals("cpu")) {
      throw new IOException("/proc/stat begins with no line of all CPUs");
    }
    long ticks = 0;
    for (int i = 1; i <= 3; i++) {
      ticks += Long.parseLong(fields[i]);
    }
    return Duration.ofMillis(ticks * TimeUnit.SECONDS.toMillis(1) / TICKS_PER_SECOND);
  }

  private Duration own() {
    Duration sum = Duration.ZERO;
    for (ProcessHandle process : ours) {
      sum = sum.plus(process.info().totalCpuDuration().orElse(Duration.ZERO));
    }
    return sum;
  }
}
