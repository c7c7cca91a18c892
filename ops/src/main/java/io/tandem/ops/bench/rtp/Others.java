package io.tandem.ops.bench.rtp;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
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
    return busy(line()).minus(own());
  }

  /** What the host of a virtual machine has kept for others so far, of all CPUs together. */
  static Duration stolen() throws IOException {
    return stolen(line());
  }

  private static String line() throws IOException {
    return Files.readString(STAT).lines().findFirst().orElse("");
  }

  /**
   * User, nice and system time of all CPUs since the machine began: interrupts are nobody's.
   *
   * @param line the first of {@code /proc/stat}
   */
  static Duration busy(String line) throws IOException {
    long[] fields = fields(line);
    return time(fields[0] + fields[1] + fields[2]);
  }

  /**
   * The eighth figure of such a line.
   *
   * @param line the first of {@code /proc/stat}
   */
  static Duration stolen(String line) throws IOException {
    return time(fields(line)[7]);
  }

  private static long[] fields(String line) throws IOException {
    String[] fields = line.strip().split("\\s+", -1);
    if (fields.length < 9 || !fields[0].equals("cpu")) {
      throw new IOException("/proc/stat begins with no line of all CPUs");
    }
    return Arrays.stream(fields).skip(1).mapToLong(Long::parseLong).toArray();
  }

  private static Duration time(long ticks) {
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
