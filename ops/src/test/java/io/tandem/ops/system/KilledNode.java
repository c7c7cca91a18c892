package io.tandem.ops.system;

import io.tandem.persistence.call.CallEvent;
import io.tandem.persistence.call.CallState;
import io.tandem.protocol.sip.ua.UaCall;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A node with many calls, each with a journal that stops at a boundary of its own, killed by
 * SIGKILL forty seconds after the oldest were connected, and started again on the same database
 * where nobody sends it anything.
 */
final class KilledNode implements AutoCloseable {
  static final long TIMER_MILLIS = 30_000;
  private static final long LONG_TIMER_MILLIS = 60_000;
  private static final Duration KILLED_AFTER = Duration.ofMillis(40_200);
  private static final Duration EARLY_CALLS_AFTER = Duration.ofMillis(36_000);

  /**
   * How a call goes: it stays up past its timer, is hung up then, is young, or is hung up young.
   */
  enum Way {
    STAYS(true),
    ENDS_CHARGED(true),
    YOUNG(false),
    ENDS_YOUNG(false);

    final boolean charged;

    Way(boolean charged) {
      this.charged = charged;
    }
  }

  /**
   * One call of the plan.
   *
   * @param stop the boundary, such as {@code before:call.offered}; empty for none
   */
  record Case(Stall stall, String stop, Way way) {
    /** Whether a crash-free run up to the boundary charges. */
    boolean charged() {
      return way.charged && stall.timerMillis() == TIMER_MILLIS;
    }

    /** Whether the end was stored, so that no proof is needed. */
    boolean endStored() {
      return way == Way.ENDS_CHARGED && !stop.equals("before:call.ended")
          || way == Way.ENDS_YOUNG && !stop.equals("before:call.ended");
    }

    @Override
    public String toString() {
      return stop.isEmpty() ? "timer " + stall.timerMillis() : way + " " + stop;
    }
  }

  private final Path directory;
  private final Map<String, Object> database;
  private final List<Case> cases = plan();
  private final Map<Case, UaCall> calls = new LinkedHashMap<>();
  private NodeProcess node;
  private Instant killedAt = Instant.EPOCH;

  KilledNode(Path directory, Map<String, Object> database, String rtpPorts) {
    this.directory = directory;
    this.database = database;
    this.node = start(rtpPorts, true);
  }

  private NodeProcess start(String rtpPorts, boolean failing) {
    Map<String, Object> keys = new LinkedHashMap<>(database);
    keys.put("node.roles", List.of("edge", "control"));
    keys.put("sip.port", 0);
    keys.put("rtp.ports", rtpPorts);
    StringBuilder stops = new StringBuilder();
    cases.forEach(
        c -> stops.append(c.stop().isEmpty() ? "" : c.stall().name() + "=" + c.stop() + ","));
    try {
      Files.createDirectories(directory);
      Path akka = directory.resolve("akka.conf");
      Files.deleteIfExists(akka);
      if (failing) {
        Files.writeString(
            akka,
            """
            jdbc-journal.dao = "io.tandem.ops.system.FailingJournal"
            jdbc-journal.circuit-breaker.max-failures = 1000000
            """);
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return NodeProcess.start(
        directory, keys, List.of("-D" + FailingJournal.STOPS + "=" + (failing ? stops : "")));
  }

  static List<Case> plan() {
    List<Case> plan = new ArrayList<>();
    for (String when : List.of("before:", "after:")) {
      for (String event : List.of("call.qualified", "wallet.captured")) {
        add(plan, when + event, Way.STAYS);
      }
      for (String event : List.of("call.ended", "agent.offer-ended")) {
        add(plan, when + event, Way.ENDS_CHARGED);
      }
      for (String event :
          List.of("call.offered", "wallet.held", "agent.reserved", "call.connected")) {
        add(plan, when + event, Way.YOUNG);
      }
      for (String event : List.of("call.ended", "wallet.released", "agent.offer-ended")) {
        add(plan, when + event, Way.ENDS_YOUNG);
      }
    }
    add(plan, "", Way.STAYS);
    plan.add(new Case(Stall.of(plan.size() + 1, LONG_TIMER_MILLIS), "", Way.STAYS));
    return plan;
  }

  private static void add(List<Case> plan, String stop, Way way) {
    plan.add(new Case(Stall.of(plan.size() + 1, TIMER_MILLIS), stop, way));
  }

  List<Case> cases() {
    return cases;
  }

  /** Places all calls, lets each come to its boundary, and kills the node. */
  void callAndKill(Handsets phones) throws Exception {
    for (Case each : cases) {
      node.open(each.stall());
      phones.phone(each.stall().name(), node.sip());
    }
    List<Case> old = cases.stream().filter(c -> c.way().charged).toList();
    old.forEach(c -> calls.put(c, phones.call(c.stall().number(), node.sip())));
    for (Case each : old) {
      if (!calls.get(each).answered().get(20, TimeUnit.SECONDS)) {
        throw new AssertionError(each + " was not answered\n" + node.logTail());
      }
    }
    long connected = System.nanoTime();
    sleepUntil(connected + EARLY_CALLS_AFTER.toNanos());
    old.stream().filter(c -> c.way() == Way.ENDS_CHARGED).forEach(c -> calls.get(c).hangUp());
    for (Case each : cases) {
      if (!each.way().charged) {
        UaCall call = phones.call(each.stall().number(), node.sip());
        calls.put(each, call);
        if (each.way() == Way.ENDS_YOUNG) {
          var unused = call.answered().thenRun(call::hangUp);
        }
      }
    }
    long stops = cases.stream().filter(c -> !c.stop().isEmpty()).count();
    Books.await("every journal stops", 4, () -> node.stops().size() == stops);
    sleepUntil(connected + KILLED_AFTER.toNanos());
    node.kill();
    killedAt = Instant.now();
  }

  Instant killedAt() {
    return killedAt;
  }

  /** Starts it again where no phone sends anything. */
  NodeProcess restart(String rtpPorts) {
    node = start(rtpPorts, false);
    return node;
  }

  /** Stalls whose journal did not come to its boundary; for a message. */
  List<String> notStopped() {
    return cases.stream()
        .filter(c -> !c.stop().isEmpty() && !node.stops().contains(c.stall().name()))
        .map(Case::toString)
        .toList();
  }

  /** Whether a call's chain has come to rest: ended, no hold, no reservation, the charge booked. */
  static boolean atRest(Books books, Case one, Map<String, String> calls) {
    String callId = calls.get(one.stall().number());
    boolean quiet =
        books.wallet(one.stall()).holds().isEmpty()
            && books.agent(one.stall()).reservations().isEmpty();
    return callId == null
        ? quiet
        : quiet
            && books.call(callId).orElseThrow() instanceof CallState.Ended
            && (!ended(books, callId).qualified() || books.captures(one.stall(), callId) > 0);
  }

  /** The event that ended a call. */
  static CallEvent.Ended ended(Books books, String callId) {
    return books.steps("call", callId).stream()
        .map(step -> step.event())
        .filter(CallEvent.Ended.class::isInstance)
        .map(CallEvent.Ended.class::cast)
        .findFirst()
        .orElseThrow();
  }

  private static void sleepUntil(long nanos) {
    for (long left = nanos - System.nanoTime(); left > 0; left = nanos - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }

  @Override
  public void close() {
    node.close();
  }
}
