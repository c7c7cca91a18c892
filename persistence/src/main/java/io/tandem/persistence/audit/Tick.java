package io.tandem.persistence.audit;

import java.util.function.LongConsumer;

/** Counts what one thread does, and tells now and then. */
final class Tick {

  private static final int EVERY = 4_096;

  private final LongConsumer progress;
  private int since;

  /**
   * @param progress told how many more were done; by several threads
   */
  Tick(LongConsumer progress) {
    this.progress = progress;
  }

  void next() {
    if (++since == EVERY) {
      progress.accept(since);
      since = 0;
    }
  }
}
