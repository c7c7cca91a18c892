package io.tandem.ops.bench.rtp;

import io.tandem.ops.bench.rtp.process.RtpGenerator;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/** One contender under one load: its process, the generator's process, and the clock. */
record Run(
    Contender contender, int calls, int warmSeconds, int measuredSeconds, Placement placement) {

  /** Takes both periods and about two seconds more. */
  Row measure() throws IOException {
    try (Relaying relaying = contender.start(calls, placement);
        JavaProcess generator =
            JavaProcess.start(
                placement.generator(),
                RtpGenerator.class.getName(),
                List.of(
                    Integer.toString(calls),
                    Integer.toString(Relaying.FIRST_PHONE_PORT),
                    Integer.toString(warmSeconds),
                    Integer.toString(measuredSeconds)))) {
      for (String ports : relaying.ports()) {
        generator.say(ports);
      }
      generator.say("ready");
      expect("warming", generator.hear());
      Others others =
          new Others(
              List.of(
                  relaying.process().toHandle(),
                  generator.process().toHandle(),
                  ProcessHandle.current()));
      // What is asked for the first time takes longer.
      var rehearsed = relaying.allocatedOctets();
      var unused = others.cpu();
      expect("measuring", generator.hear());
      Optional<Long> garbageBefore = relaying.allocatedOctets();
      Duration othersBefore = others.cpu();
      Duration stolenBefore = Others.stolen();
      Duration cpuBefore = cpu(relaying.process());
      long begun = System.nanoTime();
      expect("measured", generator.hear());
      Duration cpuAfter = cpu(relaying.process());
      double seconds = (System.nanoTime() - begun) / 1e9;
      double stolenSeconds = Others.stolen().minus(stolenBefore).toMillis() / 1e3;
      double othersSeconds = others.cpu().minus(othersBefore).toMillis() / 1e3;
      Optional<Long> garbageAfter = relaying.allocatedOctets();
      String[] told = generator.hear().split(" ", -1);
      long sent = Long.parseLong(told[0]);
      long received = Long.parseLong(told[1]);
      double cpuSeconds = cpuAfter.minus(cpuBefore).toNanos() / 1e9;
      return new Row(
          contender,
          calls,
          cpuSeconds * 1e6 / Math.max(1, received),
          cpuSeconds / seconds,
          rehearsed.isPresent() && garbageBefore.isPresent() && garbageAfter.isPresent()
              ? OptionalDouble.of(
                  (double) (garbageAfter.get() - garbageBefore.get()) / Math.max(1, received))
              : OptionalDouble.empty(),
          sent,
          sent - received,
          Long.parseLong(told[3]),
          Long.parseLong(told[4]),
          Long.parseLong(told[5]),
          Long.parseLong(told[7]),
          Math.max(0, othersSeconds / seconds),
          stolenSeconds / seconds);
    }
  }

  private static void expect(String wanted, String heard) throws IOException {
    if (!heard.equals(wanted)) {
      throw new IOException("the generator said " + heard + " instead of " + wanted);
    }
  }

  /** From {@code /proc}, in steps of 10 ms. */
  private static Duration cpu(Process process) throws IOException {
    return process
        .toHandle()
        .info()
        .totalCpuDuration()
        .orElseThrow(() -> new IOException("this system does not tell a process's CPU time"));
  }
}
