package io.tandem.node.edge.dialog;

import io.tandem.protocol.sip.transport.EdgeLoop;
import java.util.HashMap;
import java.util.Map;

/**
 * The timers of one call by name; one of the same name replaces the one before. On the loop only.
 */
public final class Alarms {
  private final Map<String, EdgeLoop.Timer> timers = new HashMap<>();

  /** Keeps a timer that was just set. */
  public void set(String name, EdgeLoop.Timer timer) {
    cancel(name);
    timers.put(name, timer);
  }

  /** Stops one; nothing when it does not run. */
  public void cancel(String name) {
    EdgeLoop.Timer timer = timers.remove(name);
    if (timer != null) {
      timer.cancel();
    }
  }

  /** Stops all. */
  public void cancelAll() {
    timers.values().forEach(EdgeLoop.Timer::cancel);
    timers.clear();
  }
}
