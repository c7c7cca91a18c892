package io.tandem.ops.bench.rtp;

import java.util.ArrayList;
import java.util.List;

/**
 * Where the processes of a run may be: what stands before their commands.
 *
 * @param contender before the contender's
 * @param generator before the generator's
 */
record Placement(List<String> contender, List<String> generator) {
  /** Wherever the system puts them, as in life. */
  static final Placement ANYWHERE = new Placement(List.of(), List.of());

  /** A core for each: what one of them does is not in the other's latencies. */
  static final Placement APART =
      new Placement(List.of("taskset", "-c", "0"), List.of("taskset", "-c", "1"));

  static List<String> command(List<String> before, List<String> command) {
    List<String> whole = new ArrayList<>(before);
    whole.addAll(command);
    return whole;
  }
}
