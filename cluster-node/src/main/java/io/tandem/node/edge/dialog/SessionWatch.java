package io.tandem.node.edge.dialog;

import io.tandem.protocol.sip.dialog.SessionTimer;
import io.tandem.protocol.sip.transport.EdgeLoop;
import org.jspecify.annotations.Nullable;

/**
 * The session timer of one leg, running (RFC 4028 section 10): says when a refresh is ours to send,
 * and when the leg is over because none came. On the loop only.
 */
public final class SessionWatch {
  private final Timers timers;
  private final Runnable refresh;
  private final Runnable expired;
  private EdgeLoop.@Nullable Timer toRefresh;
  private EdgeLoop.@Nullable Timer toEnd;
  private boolean over;
  private SessionTimer agreed = new SessionTimer(false, false, 0);

  /** The clock of connected time. */
  @FunctionalInterface
  public interface Timers {
    /** Runs the task on the loop after the delay. */
    EdgeLoop.Timer schedule(long delayMillis, Runnable task);
  }

  /** A watch that does not run yet. */
  public SessionWatch(Timers timers, Runnable refresh, Runnable expired) {
    this.timers = timers;
    this.refresh = refresh;
    this.expired = expired;
  }

  /** A 2xx agreed this: everything counts from now. */
  public void keep(SessionTimer timer) {
    cancel(toRefresh);
    cancel(toEnd);
    agreed = timer;
    if (over) {
      return;
    }
    if (timer.weRefresh()) {
      toRefresh = timers.schedule(timer.refreshAfterMillis(), refresh);
    }
    if (timer.endAfterMillis() != SessionTimer.NEVER) {
      toEnd = timers.schedule(timer.endAfterMillis(), expired);
    }
  }

  /** A refresh did not succeed and may be tried again; the end of the session stays where it is. */
  public void tryAgain(long delayMillis) {
    cancel(toRefresh);
    if (!over) {
      toRefresh = timers.schedule(delayMillis, refresh);
    }
  }

  /** What was agreed last. */
  public SessionTimer agreed() {
    return agreed;
  }

  /** The leg is over; what is agreed later starts nothing any more. */
  public void stop() {
    over = true;
    cancel(toRefresh);
    cancel(toEnd);
  }

  private static void cancel(EdgeLoop.@Nullable Timer timer) {
    if (timer != null) {
      timer.cancel();
    }
  }
}
