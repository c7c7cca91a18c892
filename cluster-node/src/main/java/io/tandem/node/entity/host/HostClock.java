package io.tandem.node.entity.host;

import akka.actor.typed.ActorSystem;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * Time as hosts and jobs see it: what the wall clock says, and a call after a while. Injected, so
 * that a test can let two hours pass at once.
 */
public interface HostClock extends InstantSource {

  /** Runs {@code task} once after {@code delay}; it must not block and must not throw. */
  Alarm after(Duration delay, Runnable task);

  /** A call that has been asked for. */
  interface Alarm {
    /** It will not run, unless it already does. */
    void cancel();
  }

  /** The wall clock given, with the actor system's own scheduler. */
  static HostClock real(ActorSystem<?> system, InstantSource wall) {
    return new HostClock() {
      @Override
      public Instant instant() {
        return wall.instant();
      }

      @Override
      public Alarm after(Duration delay, Runnable task) {
        return system.scheduler().scheduleOnce(delay, task, system.executionContext())::cancel;
      }
    };
  }
}
