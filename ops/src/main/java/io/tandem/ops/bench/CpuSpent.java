package io.tandem.ops.bench;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

/**
 * CPU time of this process, of all that it started, and of what was named to it: a database server
 * leaves its starter's family.
 */
final class CpuSpent {

  private static final List<ProcessHandle> NAMED = new CopyOnWriteArrayList<>();

  private CpuSpent() {}

  /** Counts a process and its descendants from now on. */
  static void count(ProcessHandle root) {
    NAMED.add(root);
  }

  /** Since each of them began; zero where the system does not tell. */
  static Duration now() {
    Stream<ProcessHandle> roots = Stream.concat(Stream.of(ProcessHandle.current()), NAMED.stream());
    return roots
        .flatMap(root -> Stream.concat(Stream.of(root), root.descendants()))
        .distinct()
        .map(process -> process.info().totalCpuDuration().orElse(Duration.ZERO))
        .reduce(Duration.ZERO, Duration::plus);
  }
}
