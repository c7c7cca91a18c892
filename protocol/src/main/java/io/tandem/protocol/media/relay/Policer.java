package io.tandem.protocol.media.relay;

/**
 * Keeps one party's packets within what a voice stream can be: so many a second, with room for a
 * burst after a delay. It bounds what a flood of a party costs its peer, and a ring of relays whose
 * SDP points at each other. The generic cell rate algorithm (ITU-T I.371): one number of state.
 */
final class Policer {
  private final long intervalNanos;
  private final long burstNanos;
  private boolean started;
  private long dueNanos;

  /**
   * @param packetsPerSecond sustained
   * @param burstPackets at once after a pause
   */
  Policer(int packetsPerSecond, int burstPackets) {
    this.intervalNanos = 1_000_000_000L / packetsPerSecond;
    this.burstNanos = intervalNanos * (burstPackets - 1);
  }

  /** See {@link io.tandem.protocol.media.loop.PacketInlet#anticipate}. */
  int anticipate() {
    return (int) dueNanos;
  }

  /** Whether a packet that arrives now may pass. */
  boolean admits(long nowNanos) {
    if (!started || dueNanos - nowNanos < 0) {
      started = true;
      dueNanos = nowNanos;
    }
    if (dueNanos - nowNanos > burstNanos) {
      return false;
    }
    dueNanos += intervalNanos;
    return true;
  }
}
