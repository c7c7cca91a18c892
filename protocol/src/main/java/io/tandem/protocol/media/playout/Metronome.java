package io.tandem.protocol.media.playout;

import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** Beats every 20 ms for who must send a packet then: real time, or a test's hand. */
@FunctionalInterface
public interface Metronome {
  /** One beat, in milliseconds: the usual length of a voice packet. */
  int BEAT_MILLIS = 20;

  /** Ends the beats of one listener. */
  @FunctionalInterface
  interface Subscription {
    /** No beat begins after this; again: nothing. */
    void end();
  }

  /**
   * Calls the listener every 20 ms until the subscription ends. The listener must not throw and
   * must not wait.
   */
  Subscription listen(Runnable onBeat);

  /** Real time; catches up after a delay, so that the mean rate stays 50 packets a second. */
  static Metronome of(ScheduledExecutorService scheduler) {
    return onBeat -> {
      ScheduledFuture<?> beats =
          scheduler.scheduleAtFixedRate(onBeat, 0, BEAT_MILLIS, TimeUnit.MILLISECONDS);
      return () -> beats.cancel(false);
    };
  }
}
