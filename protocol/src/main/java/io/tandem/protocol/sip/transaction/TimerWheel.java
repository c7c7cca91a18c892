package io.tandem.protocol.sip.transaction;

import io.tandem.protocol.sip.transport.EdgeLoop;
import java.util.BitSet;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A hashed wheel for the many timers of transactions, nearly all of which are cancelled: starting
 * and cancelling costs a few pointer writes. A timer ends up to one tick late, one of several
 * seconds up to ten, never early: those that only forget something end together. The loop is woken
 * when something is due and not each tick.
 */
final class TimerWheel {

  private static final Logger LOG = LoggerFactory.getLogger(TimerWheel.class);

  static final int TICK_MS = 10;
  static final int LONG_MS = 5_000;
  private static final int LONG_TICKS = 10; // what longer timers are rounded up to
  private static final int SLOTS = 4_096; // a turn of 41 s: the 32 s of B, F, H, J, L and M fit

  private final EdgeLoop loop;
  private final long originNanos;
  private final @Nullable Entry[] slots = new Entry[SLOTS];
  private final BitSet taken = new BitSet(SLOTS);
  private long ticksDone;
  private int live;
  private EdgeLoop.@Nullable Timer wake;
  private long wakeTick;

  /** A timer on the wheel. */
  static final class Entry {
    private final Runnable task;
    private final long dueTick;
    private @Nullable Entry previous;
    private @Nullable Entry next;
    private boolean waiting = true;

    private Entry(Runnable task, long dueTick) {
      this.task = task;
      this.dueTick = dueTick;
    }
  }

  TimerWheel(EdgeLoop loop) {
    this.loop = loop;
    this.originNanos = loop.nanoTime();
  }

  /** How many timers run. */
  int live() {
    return live;
  }

  /** Runs the task after the delay, on the loop. */
  Entry start(long delayMs, Runnable task) {
    if (live == 0) {
      ticksDone = Math.max(ticksDone, elapsedMs() / TICK_MS);
    }
    // rounded up, so that it is never early
    long dueTick = Math.max(ticksDone + 1, (elapsedMs() + delayMs + TICK_MS - 1) / TICK_MS);
    if (delayMs >= LONG_MS) {
      dueTick = (dueTick + LONG_TICKS - 1) / LONG_TICKS * LONG_TICKS;
    }
    Entry entry = new Entry(task, dueTick);
    int slot = slot(dueTick);
    Entry head = slots[slot];
    entry.next = head;
    if (head != null) {
      head.previous = entry;
    }
    slots[slot] = entry;
    taken.set(slot);
    live++;
    wakeAt(dueTick);
    return entry;
  }

  /** Takes the timer off the wheel; nothing when it has run or was cancelled. */
  void cancel(Entry entry) {
    if (!entry.waiting) {
      return;
    }
    entry.waiting = false;
    live--;
    Entry previous = entry.previous;
    Entry next = entry.next;
    if (previous == null) {
      slots[slot(entry.dueTick)] = next;
      if (next == null) {
        taken.clear(slot(entry.dueTick));
      }
    } else {
      previous.next = next;
    }
    if (next != null) {
      next.previous = previous;
    }
    entry.previous = null;
    entry.next = null;
  }

  private void wakeAt(long tick) {
    EdgeLoop.Timer before = wake;
    if (before != null && wakeTick <= tick) {
      return;
    }
    if (before != null) {
      before.cancel();
    }
    wakeTick = tick;
    wake = loop.schedule(Math.max(0, tick * TICK_MS - elapsedMs()), this::tick);
  }

  private void tick() {
    wake = null;
    long now = elapsedMs() / TICK_MS;
    try {
      while (ticksDone < now && live > 0) {
        ticksDone++;
        runSlot(ticksDone);
      }
    } finally {
      if (live > 0) {
        wakeAt(nextTaken());
      }
    }
  }

  /** The next tick at which something may be due: what its slot holds may be of a later turn. */
  private long nextTaken() {
    int from = slot(ticksDone + 1);
    int slot = taken.nextSetBit(from);
    if (slot < 0) {
      slot = taken.nextSetBit(0);
    }
    return ticksDone + 1 + ((slot - from) & (SLOTS - 1));
  }

  /** Tasks may start and cancel timers, of this slot too: look from its head again after each. */
  private void runSlot(long tick) {
    Entry due = firstDue(tick);
    while (due != null) {
      cancel(due);
      run(due.task);
      due = firstDue(tick);
    }
  }

  /** One user's mistake must not stop the timers of all others. */
  private static void run(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException mistake) {
      logMistake("the task of a SIP timer", mistake);
    }
  }

  /** Type and place only: an exception's own words may quote what a caller sent (PRV-4). */
  static void logMistake(String whose, RuntimeException mistake) {
    StackTraceElement[] trace = mistake.getStackTrace();
    LOG.error(
        "{} failed: {} at {}",
        whose,
        mistake.getClass().getName(),
        trace.length == 0 ? "unknown" : trace[0]);
  }

  private @Nullable Entry firstDue(long tick) {
    Entry entry = slots[slot(tick)];
    while (entry != null && entry.dueTick > tick) {
      entry = entry.next;
    }
    return entry;
  }

  private static int slot(long tick) {
    return (int) (tick & (SLOTS - 1));
  }

  private long elapsedMs() {
    return TimeUnit.NANOSECONDS.toMillis(loop.nanoTime() - originNanos);
  }
}
