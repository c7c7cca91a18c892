package io.tandem.ops.bench;

import java.time.Duration;
import java.util.stream.Stream;

/** CPU time of this process and of all that it started, the database among them. */
final class CpuSpent {

  private CpuSpent() {}

  /** Since each of them began; zero where the system does not tell. */
  static Duration now() {
    ProcessHandle self = ProcessHandle.current();
    return Stream.concat(Stream.of(self), self.descendants())
        .map(process -> process.info().totalCpuDuration().orElse(Duration.ZERO))
        .reduce(Duration.ZERO, Duration::plus);
  }
}
