package io.tandem.protocol.sip.defence;

/** What is counted against somebody, and how much of it in how long brings a ban. */
public enum Offence {
  /** A digest answer that is wrong, to a challenge of ours. */
  WRONG_PASSWORD(20, 600),
  /** A call to nobody: numbers are tried out. */
  UNKNOWN_NUMBER(60, 600),
  /** Requests beyond the rate, each refused. */
  FLOOD(2_000, 60);

  private final int most;
  private final long withinNanos;

  Offence(int most, int withinSeconds) {
    this.most = most;
    this.withinNanos = withinSeconds * 1_000_000_000L;
  }

  /** So many within the time are borne; one more is a ban. */
  int most() {
    return most;
  }

  long withinNanos() {
    return withinNanos;
  }
}
