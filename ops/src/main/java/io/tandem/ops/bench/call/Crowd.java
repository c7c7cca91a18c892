package io.tandem.ops.bench.call;

import io.tandem.ops.api.Market.Agent;
import io.tandem.ops.phone.Phones;
import io.tandem.protocol.sip.message.SipUri;
import io.tandem.protocol.sip.ua.AnswerPlan;
import io.tandem.protocol.sip.ua.CallHandler;
import io.tandem.protocol.sip.ua.CallMedia;
import io.tandem.protocol.sip.ua.UaCall;
import io.tandem.protocol.sip.ua.UaLine;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/**
 * Callers and agents' phones on two sockets. The load is open: calls begin when they are due,
 * whatever became of those before (no coordinated omission), and last until the caller hangs up.
 */
final class Crowd implements AutoCloseable {
  private static final int CALLERS = 1_000;
  private static final long FIRST_CALLER = 12_125_550_000L; // New York
  private static final long ANSWERS_AFTER_MILLIS = 20;
  private static final int REGISTERED_SECONDS = 3_600;
  private static final int PATIENCE_SECONDS = 20;
  private static final int SILENT_PORT = 9_000;

  /** What was missed while this process stood still is made up for, up to so much. */
  private static final long LATE_MAX_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

  private final Repeats callerRepeats = new Repeats();
  private final Repeats agentRepeats = new Repeats();
  private final Phones callers;
  private final Phones agents;
  private final Supplier<CallMedia> media;
  private final SipUri called;
  private final List<UaLine> lines = new ArrayList<>();
  private Tally tally = new Tally();
  private int nextLine;
  private long nextNanos = System.nanoTime();

  /** One whose phones send no sound. */
  static Crowd silent(InetSocketAddress node, String number) {
    return new Crowd(node, number, () -> CallMedia.none(Phones.HOST, SILENT_PORT));
  }

  Crowd(InetSocketAddress node, String number, Supplier<CallMedia> media) {
    this.callers = Phones.open(node, callerRepeats);
    this.agents = Phones.open(node, agentRepeats);
    this.media = media;
    this.called = SipUri.sip(number, Phones.HOST, node.getPort());
    for (int i = 0; i < CALLERS; i++) {
      lines.add(callers.line(Long.toString(FIRST_CALLER + i), null, CallHandler.UNAVAILABLE));
    }
  }

  /**
   * The phone of an agent, registered when this returns.
   *
   * @throws IllegalStateException when the registration is refused
   */
  void phone(Agent agent) {
    CallHandler answers = AnswerPlan.answering(agents.agent().loop(), ANSWERS_AFTER_MILLIS, media);
    UaLine line = agents.line(agent.phone(), agent.password(), answers);
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    try {
      int status =
          line.register(REGISTERED_SECONDS).get(PATIENCE_SECONDS, TimeUnit.SECONDS).status();
      // an edge hears of a new endpoint a moment after HTTP has answered; till then it is nobody's
      while (status == 403 && System.nanoTime() < until) {
        TimeUnit.MILLISECONDS.sleep(50);
        status = line.register(REGISTERED_SECONDS).get(PATIENCE_SECONDS, TimeUnit.SECONDS).status();
      }
      if (status != 200) {
        throw new IllegalStateException("a phone could not register: " + status);
      }
    } catch (ExecutionException | TimeoutException e) {
      throw new IllegalStateException("a phone could not register", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Messages that passed a second time so far, at callers and agents. */
  long repeats() {
    return callerRepeats.count() + agentRepeats.count();
  }

  /** Calls from now on are counted apart from those before, however late those end. */
  void countAnew() {
    tally = new Tally();
  }

  /** What became of the calls since they were last counted anew. */
  Tally tally() {
    return tally;
  }

  /**
   * Begins calls at an even pace for a while; they end by themselves. The next stretch goes on
   * without a gap.
   */
  void call(int perSecond, int seconds, long holdMillis) {
    long nanosEach = 1_000_000_000L / perSecond;
    long due = Math.max(nextNanos, System.nanoTime() - LATE_MAX_NANOS);
    for (long i = 0; i < (long) seconds * perSecond; i++) {
      for (long early = due - System.nanoTime(); early > 0; early = due - System.nanoTime()) {
        LockSupport.parkNanos(early);
      }
      place(lines.get(nextLine++ % CALLERS), holdMillis);
      due += nanosEach;
    }
    nextNanos = due;
  }

  /** Waits until the last call is over; gives how many never are. */
  int drain(long holdMillis) throws InterruptedException {
    long until =
        System.nanoTime()
            + TimeUnit.MILLISECONDS.toNanos(holdMillis)
            + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (tally.open() > 0 && System.nanoTime() < until) {
      TimeUnit.MILLISECONDS.sleep(50);
    }
    return tally.open();
  }

  private void place(UaLine line, long holdMillis) {
    Tally counted = tally;
    counted.placed();
    UaCall call = line.call(called, media.get());
    var unused =
        call.answered()
            .thenAccept(
                answered -> {
                  if (answered) {
                    counted.answered(call);
                    var _ = callers.agent().loop().schedule(holdMillis, call::hangUp);
                  }
                });
    var unusedToo = call.ended().thenAccept(counted::ended);
  }

  @Override
  public void close() {
    callers.close();
    agents.close();
  }
}
