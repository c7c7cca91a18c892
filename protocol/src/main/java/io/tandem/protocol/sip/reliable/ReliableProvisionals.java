package io.tandem.protocol.sip.reliable;

import io.tandem.protocol.sip.message.HeaderName;
import io.tandem.protocol.sip.message.SipResponse;
import io.tandem.protocol.sip.transaction.fsm.SipTimers;
import io.tandem.protocol.sip.transport.EdgeLoop;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The reliable provisional responses to one INVITE of theirs (RFC 3262 section 3): one at a time,
 * each repeated until its PRACK is here. On the loop only.
 */
public final class ReliableProvisionals {
  private final EdgeLoop loop;
  private final SipTimers timers;
  private final Consumer<SipResponse> wire;
  private final Runnable onGivenUp;
  private final Deque<SipResponse> queue = new ArrayDeque<>();
  private @Nullable SipResponse waiting;
  private @Nullable ReliableSend repetition;
  private EdgeLoop.@Nullable Timer timer;
  private @Nullable Runnable onSettled;
  private long rseq;
  private boolean closed;

  /**
   * @param firstRseq of the first response: 1 to 2^31 - 1, of which little is used up
   * @param wire sends a response on the INVITE's transaction
   * @param onGivenUp no PRACK came in 64 T1: refuse the INVITE with a 5xx
   */
  public ReliableProvisionals(
      EdgeLoop loop,
      SipTimers timers,
      long firstRseq,
      Consumer<SipResponse> wire,
      Runnable onGivenUp) {
    this.loop = loop;
    this.timers = timers;
    this.rseq = firstRseq;
    this.wire = wire;
    this.onGivenUp = onGivenUp;
  }

  /** Sends a response, numbered here; waits while another has no PRACK yet. */
  public void send(SipResponse provisional) {
    if (closed) {
      return;
    }
    if (waiting != null) {
      queue.addLast(provisional);
      return;
    }
    SipResponse numbered =
        provisional.with(HeaderName.REQUIRE, RAck.OPTION).with(RAck.RSEQ, Long.toString(rseq++));
    waiting = numbered;
    repetition = ReliableSend.start(timers, nowMs());
    wire.accept(numbered);
    schedule();
  }

  /** A PRACK came in: whether it is for the one that waits. If not, answer it with a 481. */
  public boolean acknowledged(RAck ack) {
    SipResponse known = waiting;
    if (known == null || !RAck.to(known).equals(ack)) {
      return false;
    }
    stop();
    SipResponse next = queue.pollFirst();
    if (next != null) {
      send(next);
    }
    settle();
    return true;
  }

  /**
   * Runs the task, which sends the 2xx, once nothing that carries a description waits for its
   * PRACK; what carries none is forgotten.
   */
  public void beforeSuccess(Runnable success) {
    onSettled = success;
    settle();
  }

  /** The final response is out, or the call is over. */
  public void close() {
    closed = true;
    onSettled = null;
    queue.clear();
    stop();
  }

  private void settle() {
    Runnable success = onSettled;
    if (success != null && !describes(waiting) && queue.stream().noneMatch(r -> describes(r))) {
      close();
      success.run();
    }
  }

  private static boolean describes(@Nullable SipResponse response) {
    return response != null && response.body().length > 0;
  }

  private void stop() {
    waiting = null;
    EdgeLoop.Timer running = timer;
    if (running != null) {
      running.cancel();
    }
  }

  private void schedule() {
    ReliableSend sending = repetition;
    if (sending != null) {
      timer = loop.schedule(Math.max(1, sending.nextAtMs() - nowMs()), this::wake);
    }
  }

  private void wake() {
    SipResponse again = waiting;
    ReliableSend sending = repetition;
    if (again == null || sending == null) {
      return;
    }
    ReliableSend.Wake wake = sending.wake(nowMs());
    repetition = wake.next();
    switch (wake.duty()) {
      case GIVE_UP -> {
        close();
        onGivenUp.run();
      }
      case RESEND -> {
        wire.accept(again);
        schedule();
      }
      case WAIT -> schedule();
    }
  }

  private long nowMs() {
    return TimeUnit.NANOSECONDS.toMillis(loop.nanoTime());
  }
}
