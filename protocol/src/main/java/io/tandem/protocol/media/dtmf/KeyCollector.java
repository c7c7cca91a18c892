package io.tandem.protocol.media.dtmf;

/**
 * Collects the keys of an answer: until a terminator, a length, or a pause. Pure: keys and times
 * come in; who collects asks {@link #state} after each.
 */
public final class KeyCollector {
  /** How far the answer is. */
  public enum State {
    /** More keys may come. */
    COLLECTING,
    /** The terminator or the last key of the length came. */
    COMPLETE,
    /** No key came in time; what came before is in {@link #keys}. */
    TIMED_OUT
  }

  private final int maxKeys;
  private final String terminators;
  private final long nextKeyNanos;
  private final StringBuilder keys = new StringBuilder();
  private State state = State.COLLECTING;
  private long deadlineNanos;

  /**
   * @param maxKeys complete with so many
   * @param terminators keys that complete and are not part of the answer; may be empty
   * @param firstKeyNanos how long to wait for the first key, from {@code nowNanos}
   * @param nextKeyNanos how long between keys
   */
  public KeyCollector(
      int maxKeys, String terminators, long firstKeyNanos, long nextKeyNanos, long nowNanos) {
    if (maxKeys < 1) {
      throw new IllegalArgumentException("maxKeys is 1 or more: " + maxKeys);
    }
    this.maxKeys = maxKeys;
    this.terminators = terminators;
    this.nextKeyNanos = nextKeyNanos;
    this.deadlineNanos = nowNanos + firstKeyNanos;
  }

  /** A key was pressed. */
  public State key(char key, long nowNanos) {
    if (state(nowNanos) != State.COLLECTING) {
      return state;
    }
    if (terminators.indexOf(key) >= 0) {
      state = State.COMPLETE;
      return state;
    }
    keys.append(key);
    deadlineNanos = nowNanos + nextKeyNanos;
    state = keys.length() >= maxKeys ? State.COMPLETE : State.COLLECTING;
    return state;
  }

  /** How far it is now. */
  public State state(long nowNanos) {
    if (state == State.COLLECTING && nowNanos - deadlineNanos >= 0) {
      state = State.TIMED_OUT;
    }
    return state;
  }

  /** What was collected, without the terminator; never for logs. */
  public String keys() {
    return keys.toString();
  }
}
