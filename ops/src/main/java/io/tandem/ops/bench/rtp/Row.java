package io.tandem.ops.bench.rtp;

import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What one contender came to under one load.
 *
 * @param cpuMicros user and system time of its process, of one packet that arrived
 * @param cores the same of one second: 1.0 is a whole core
 * @param garbageOctets heap its media threads allocated, of one packet
 * @param sent packets while it was measured, both ways together
 * @param lost of these
 * @param p50Micros latency from the sender's call to the stamp of the receiver's kernel; half of
 *     them
 * @param generatorStillMillis how long the generator was kept from sending; it does not catch up
 * @param othersCores what everybody else on the machine used meanwhile, in cores
 * @param hostCores what the host kept for others meanwhile ({@code steal}), in cores
 */
record Row(
    Contender contender,
    int calls,
    double cpuMicros,
    double cores,
    OptionalDouble garbageOctets,
    long sent,
    long lost,
    long p50Micros,
    long p99Micros,
    long p999Micros,
    long generatorStillMillis,
    double othersCores,
    double hostCores) {

  /** Less is what a machine does by itself. */
  private static final double OTHERS_NOTED_CORES = 0.05;

  private static final double HOST_NOTED_CORES = 0.002;
  private static final long STILL_NOTED_MILLIS = 5;

  static final String HEAD =
      "  calls  contender          CPU µs/packet  of rtpengine  % of a core  cores/1000 calls "
          + " garbage B/packet       lost of sent    p50    p99  p99.9 µs";

  /** Cores that a thousand calls take at this price. */
  double coresPer1000Calls() {
    return cores * 1000 / calls;
  }

  private String remarks() {
    StringBuilder remarks = new StringBuilder();
    if (generatorStillMillis > STILL_NOTED_MILLIS) {
      remarks
          .append("   (the generator stood still for ")
          .append(generatorStillMillis)
          .append(" ms)");
    }
    if (othersCores > OTHERS_NOTED_CORES) {
      remarks.append(String.format(Locale.ROOT, "   (others took %.2f of a core)", othersCores));
    }
    if (hostCores > HOST_NOTED_CORES) {
      remarks.append(String.format(Locale.ROOT, "   (steal: %.3f of a core)", hostCores));
    }
    return remarks.toString();
  }

  /** What is wanted of a relay under a share of a core: p99 below 1 ms at half of 80 %, no loss. */
  String atLoad(int percent) {
    return String.format(
        Locale.ROOT,
        "  About %d %% of a core is %d calls: nothing lost is %s, p99 below 1 ms is %s.",
        percent,
        calls,
        lost == 0 ? "met" : "MISSED",
        p99Micros < 1000 ? "met" : "MISSED");
  }

  String text(Optional<Row> rtpengine) {
    return String.format(
        Locale.ROOT,
        "  %5d  %-17s  %13.2f  %12s  %11.1f  %16.3f  %16s  %7d of %9d  %5d  %5d  %5d%s",
        calls,
        contender.title(),
        cpuMicros,
        rtpengine
            .map(peer -> String.format(Locale.ROOT, "%.2f", cpuMicros / peer.cpuMicros()))
            .orElse("-"),
        100 * cores,
        coresPer1000Calls(),
        garbageOctets.isPresent()
            ? String.format(Locale.ROOT, "%.3f", garbageOctets.getAsDouble())
            : "-",
        lost,
        sent,
        p50Micros,
        p99Micros,
        p999Micros,
        remarks());
  }
}
