package io.tandem.protocol.sip.ua;

import io.tandem.protocol.sip.transport.EdgeLoop;

/**
 * When what happened to a call, by the loop's monotonic clock in nanoseconds; 0 for what did not
 * happen.
 */
public final class CallTimes {

  private final EdgeLoop loop;
  private final long startedNanos;
  private volatile long ringingNanos;
  private volatile long answeredNanos;
  private volatile long endedNanos;

  CallTimes(EdgeLoop loop) {
    this.loop = loop;
    this.startedNanos = loop.nanoTime();
  }

  void ringing() {
    ringingNanos = loop.nanoTime();
  }

  void answered() {
    answeredNanos = loop.nanoTime();
  }

  void ended() {
    endedNanos = loop.nanoTime();
  }

  /** The call was made here, or its INVITE came. */
  public long startedNanos() {
    return startedNanos;
  }

  /** The first 101 to 199. */
  public long ringingNanos() {
    return ringingNanos;
  }

  /** The 2xx. */
  public long answeredNanos() {
    return answeredNanos;
  }

  /** The end. */
  public long endedNanos() {
    return endedNanos;
  }
}
