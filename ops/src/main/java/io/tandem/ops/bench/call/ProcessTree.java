package io.tandem.ops.bench.call;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * CPU time of a process and all that it started, from {@code /proc/PID/stat} (proc(5)): user and
 * system, children that ended included.
 */
public record ProcessTree(long pid) {
  /** {@code sysconf(_SC_CLK_TCK)} is 100 on every Linux this runs on. */
  private static final int MILLIS_PER_TICK = 10;

  private static final int FIRST_CPU_FIELD = 11;
  private static final int CPU_FIELDS = 4;

  /** Milliseconds of CPU so far. */
  public long cpuMillis() {
    return ProcessHandle.of(pid).stream()
        .flatMap(root -> Stream.concat(Stream.of(root), root.descendants()))
        .mapToLong(process -> ticks(process.pid()) * MILLIS_PER_TICK)
        .sum();
  }

  /**
   * utime, stime, cutime and cstime: the fields after the name, which may itself hold blanks and
   * brackets.
   */
  private static long ticks(long pid) {
    try {
      String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
      List<String> fields = List.of(stat.substring(stat.lastIndexOf(')') + 2).split(" "));
      return fields.subList(FIRST_CPU_FIELD, FIRST_CPU_FIELD + CPU_FIELDS).stream()
          .mapToLong(Long::parseLong)
          .sum();
    } catch (NoSuchFileException gone) {
      return 0; // it ended meanwhile; its parent counts it from now on
    } catch (IOException e) {
      throw new UncheckedIOException("/proc cannot be read: this benchmark needs Linux", e);
    }
  }
}
