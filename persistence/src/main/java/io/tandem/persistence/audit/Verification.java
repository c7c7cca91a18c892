package io.tandem.persistence.audit;

import java.util.List;

/**
 * What a check of the whole journal came to.
 *
 * @param problems each by entity and position, the first thousand; empty where all is well
 * @param problemCount how many there were in all
 */
public record Verification(long entities, long events, List<Problem> problems, long problemCount) {

  /** Something that is wrong. */
  public record Problem(String entity, long sequence, String what) {
    @Override
    public String toString() {
      return entity + "#" + sequence + ": " + what;
    }
  }

  /** Whether nothing is wrong. */
  public boolean isSound() {
    return problemCount == 0;
  }
}
