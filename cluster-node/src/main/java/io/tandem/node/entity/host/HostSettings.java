package io.tandem.node.entity.host;

import java.time.Duration;

/**
 * Limits of the host.
 *
 * @param shards shards a noun; the same on every node of a cluster and for ever
 * @param batchMax commands that are decided and written together
 * @param bufferMax commands that may wait for one entity; over it they are refused as busy
 * @param window how long a remembered command id is known again
 * @param resend first and longest pause before an effect is sent again
 * @param repairAfter when the due-index wakes an entity that has effects outstanding but no
 *     deadline
 * @param fenceTime how long a stale writer, or an entity that cannot be read, is left alone here
 * @param askTimeout how long the gateway waits for an answer
 */
public record HostSettings(
    int shards,
    int batchMax,
    int bufferMax,
    Duration window,
    Backoff resend,
    Duration repairAfter,
    Duration fenceTime,
    Duration askTimeout) {

  /** What a node uses where its operator says nothing. */
  public static final HostSettings DEFAULT =
      new HostSettings(
          128,
          500,
          5_000,
          Duration.ofHours(24),
          new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(30)),
          Duration.ofSeconds(30),
          Duration.ofSeconds(30),
          Duration.ofSeconds(5));

  /** The same with another bound to what is written together; 1 turns group commit off. */
  public HostSettings withBatchMax(int commands) {
    return new HostSettings(
        shards, commands, bufferMax, window, resend, repairAfter, fenceTime, askTimeout);
  }

  /** The same with another number of shards. */
  public HostSettings withShards(int number) {
    return new HostSettings(
        number, batchMax, bufferMax, window, resend, repairAfter, fenceTime, askTimeout);
  }
}
