package io.tandem.protocol.sip.sim;

import io.tandem.protocol.sip.transport.EdgeLoop;
import java.util.PriorityQueue;

/**
 * A loop whose time passes only when told to: tasks run in the order of their instants, then of
 * their scheduling.
 */
public final class VirtualLoop implements EdgeLoop {

  private final PriorityQueue<Task> queue = new PriorityQueue<>();
  private long nowMs;
  private long order;

  private record Task(long atMs, long order, Runnable work) implements Comparable<Task> {
    @Override
    public int compareTo(Task other) {
      return atMs != other.atMs ? Long.compare(atMs, other.atMs) : Long.compare(order, other.order);
    }
  }

  /** Milliseconds since the loop was made. */
  public long nowMs() {
    return nowMs;
  }

  /** Lets time pass. */
  public void advanceMs(long ms) {
    long until = nowMs + ms;
    for (Task next = queue.peek(); next != null && next.atMs <= until; next = queue.peek()) {
      queue.remove();
      nowMs = Math.max(nowMs, next.atMs);
      next.work.run();
    }
    nowMs = until;
  }

  @Override
  public boolean inLoop() {
    return true;
  }

  @Override
  public long nanoTime() {
    return nowMs * 1_000_000;
  }

  @Override
  public Timer schedule(long delayMillis, Runnable work) {
    Task task = new Task(nowMs + delayMillis, order++, work);
    queue.add(task);
    return () -> queue.remove(task);
  }

  @Override
  public void execute(Runnable work) {
    schedule(0, work);
  }
}
