package io.tandem.ops.demo;

import java.util.ArrayList;
import java.util.List;

/** What was promised, and whether it held. */
final class Verdicts {
  /**
   * One promise.
   *
   * @param found what was seen
   */
  record Verdict(String promise, boolean holds, String found) {}

  private final List<Verdict> verdicts = new ArrayList<>();

  void add(String promise, boolean holds, String found) {
    verdicts.add(new Verdict(promise, holds, found));
  }

  List<Verdict> all() {
    return List.copyOf(verdicts);
  }

  boolean allHold() {
    return verdicts.stream().allMatch(Verdict::holds);
  }
}
