package io.tandem.node.sim;

import java.time.Duration;
import java.util.SplittableRandom;

/** Carries messages as badly as the faults say; who wants an answer asks again. */
final class SimNet {

  private final VirtualTime time;
  private final SplittableRandom random;
  private Faults faults;

  SimNet(VirtualTime time, SplittableRandom random, Faults faults) {
    this.time = time;
    this.random = random;
    this.faults = faults;
  }

  /** From now on nothing goes wrong any more. */
  void calm() {
    faults = Faults.NONE;
  }

  Faults faults() {
    return faults;
  }

  void send(Runnable arrives) {
    if (chance(faults.lost())) {
      return;
    }
    int copies = chance(faults.doubled()) ? 2 : 1;
    for (int i = 0; i < copies; i++) {
      long millis = 1 + random.nextInt(20) + (chance(faults.late()) ? random.nextInt(9_000) : 0);
      time.after(Duration.ofMillis(millis), arrives);
    }
  }

  boolean chance(int hundredths) {
    return hundredths > 0 && random.nextInt(100) < hundredths;
  }
}
