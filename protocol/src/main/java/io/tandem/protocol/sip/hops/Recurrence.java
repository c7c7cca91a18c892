package io.tandem.protocol.sip.hops;

import java.util.HashMap;
import java.util.Map;

/**
 * How many calls with the same caller and the same called number are in progress: a loop through
 * systems that hide our Vias is known by nothing else (TEL-9). Not thread-safe: one per loop.
 */
public final class Recurrence {
  private final int most;
  private final Map<String, Integer> inProgress = new HashMap<>();

  /**
   * @param most so many calls of a pair are no loop
   */
  public Recurrence(int most) {
    this.most = most;
  }

  /**
   * Whether one more call of its kind would be one too many.
   *
   * @param pair names both sides
   */
  public boolean isLoop(String pair) {
    return inProgress.getOrDefault(pair, 0) >= most;
  }

  /** A call has begun; {@link #ended} follows. */
  public void began(String pair) {
    inProgress.merge(pair, 1, Integer::sum);
  }

  /** A call that began is over. */
  public void ended(String pair) {
    inProgress.computeIfPresent(pair, (key, calls) -> calls > 1 ? calls - 1 : null);
  }

  /** How many pairs are known now. */
  public int pairs() {
    return inProgress.size();
  }
}
