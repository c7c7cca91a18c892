package io.tandem.ops.bench.call;

import io.tandem.ops.api.Market.Agent;
import io.tandem.ops.phone.Phones;
import io.tandem.protocol.sip.message.SipUri;
import io.tandem.protocol.sip.ua.AnswerPlan;
import io.tandem.protocol.sip.ua.CallEnd;
import io.tandem.protocol.sip.ua.CallHandler;
import io.tandem.protocol.sip.ua.CallMedia;
import io.tandem.protocol.sip.ua.UaCall;
import io.tandem.protocol.sip.ua.UaLine;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
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

  private final Repeats callerRepeats = new Repeats();
  private final Repeats agentRepeats = new Repeats();
  private final Phones callers;
  private final Phones agents;
  private final Supplier<CallMedia> media;
  private final SipUri called;
  private final List<UaLine> lines = new ArrayList<>();

  /** What became of a wave of calls. */
  record Wave(
      int placed,
      int clean,
      Map<String, Integer> failures,
      long repeats,
      Latency ring,
      Latency answer,
      long startMillis) {
    boolean isClean() {
      return clean == placed && repeats == 0;
    }

    /** Calls a second that were really begun. */
    long rate() {
      return Math.round(placed * 1000.0 / Math.max(1, startMillis));
    }
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

  /**
   * Begins calls at an even pace and waits until all are over.
   *
   * @param holdMillis how long after the answer the caller hangs up
   */
  Wave wave(int calls, int perSecond, long holdMillis) throws InterruptedException {
    Tally tally = new Tally(calls);
    long repeatsBefore = callerRepeats.count() + agentRepeats.count();
    long begun = System.nanoTime();
    for (int i = 0; i < calls; i++) {
      long due = begun + i * 1_000_000_000L / perSecond;
      for (long early = due - System.nanoTime(); early > 0; early = due - System.nanoTime()) {
        LockSupport.parkNanos(early);
      }
      place(lines.get(i % CALLERS), holdMillis, tally);
    }
    long startMillis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);
    boolean over =
        tally.open.await(
            holdMillis + TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS), TimeUnit.MILLISECONDS);
    long repeats = callerRepeats.count() + agentRepeats.count() - repeatsBefore;
    return tally.wave(over, repeats, startMillis);
  }

  private void place(UaLine line, long holdMillis, Tally tally) {
    UaCall call = line.call(called, media.get());
    var unused =
        call.answered()
            .thenAccept(
                answered -> {
                  if (answered) {
                    var _ = callers.agent().loop().schedule(holdMillis, call::hangUp);
                  }
                });
    var unusedToo = call.ended().thenAccept(end -> tally.ended(call, end));
  }

  /** Written on the callers' loop. */
  private static final class Tally {
    private final int placed;
    private final CountDownLatch open;
    private final Map<String, Integer> failures = new TreeMap<>();
    private final Latency ring = new Latency();
    private final Latency answer = new Latency();
    private int clean;

    Tally(int calls) {
      placed = calls;
      open = new CountDownLatch(calls);
    }

    synchronized void ended(UaCall call, CallEnd end) {
      if (end.answered() && end.cause() == CallEnd.Cause.HUNG_UP_HERE) {
        clean++;
        answer.add(call.times().answeredNanos() - call.times().startedNanos());
        if (call.times().ringingNanos() != 0) {
          ring.add(call.times().ringingNanos() - call.times().startedNanos());
        }
      } else {
        failures.merge(
            end.cause() + " " + end.status() + (end.answered() ? " after the answer" : ""),
            1,
            Integer::sum);
      }
      open.countDown();
    }

    synchronized Wave wave(boolean over, long repeats, long startMillis) {
      Map<String, Integer> all = new TreeMap<>(failures);
      if (!over) {
        all.put("never over", Math.toIntExact(open.getCount()));
      }
      return new Wave(placed, clean, all, repeats, ring, answer, startMillis);
    }
  }

  @Override
  public void close() {
    callers.close();
    agents.close();
  }
}
