package io.tandem.ops.system;

import io.tandem.ops.system.KillPlan.Case;
import io.tandem.ops.system.KillPlan.Way;
import io.tandem.persistence.call.CallEvent;
import io.tandem.persistence.call.CallState;
import io.tandem.protocol.sip.ua.UaCall;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A node with calls that are parked each at a boundary of its own, killed by SIGKILL, and started
 * again on the same database where nobody sends it anything.
 */
final class KilledNode implements AutoCloseable {
  private static final Duration KILLED_AFTER = Duration.ofMillis(40_200);
  private static final Duration EARLY_CALLS_AFTER = Duration.ofMillis(36_000);

  private final Path directory;
  private final Map<String, Object> database;
  private final List<Case> cases;
  private final Map<Case, UaCall> calls = new LinkedHashMap<>();
  private final Map<Case, Instant> answeredAt = new ConcurrentHashMap<>();
  private NodeProcess node;
  private Instant killedAt = Instant.EPOCH;

  KilledNode(List<Case> plan, Path directory, Map<String, Object> database, String rtpPorts) {
    this.cases = plan;
    this.directory = directory;
    this.database = database;
    this.node = start(rtpPorts, true);
  }

  private NodeProcess start(String rtpPorts, boolean parking) {
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
      if (parking) {
        Files.writeString(akka, ParkingJournal.CONFIGURATION);
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return NodeProcess.start(
        directory, keys, List.of("-D" + ParkingJournal.STOPS + "=" + (parking ? stops : "")));
  }

  List<Case> cases() {
    return cases;
  }

  /** Places all calls, lets each come to its boundary, and kills the node in the 41st second. */
  void callAndKill(Handsets phones) throws Exception {
    open(phones);
    List<Case> old = cases.stream().filter(c -> c.way().charged).toList();
    old.forEach(c -> call(phones, c));
    long connected = answered(old);
    sleepUntil(connected + EARLY_CALLS_AFTER.toNanos());
    old.stream().filter(c -> c.way() == Way.ENDS_CHARGED).forEach(c -> calls.get(c).hangUp());
    for (Case each : cases) {
      if (!each.way().charged) {
        call(phones, each);
        if (each.way() == Way.ENDS_YOUNG) {
          var unused = calls.get(each).answered().thenRun(calls.get(each)::hangUp);
        }
      }
    }
    awaitStops(4);
    sleepUntil(connected + KILLED_AFTER.toNanos());
    kill();
  }

  /** Places all calls and kills the node in the moment in which the last comes to its boundary. */
  void callAndKillAtTheBoundary(Handsets phones) throws Exception {
    open(phones);
    cases.forEach(c -> call(phones, c));
    long unused = answered(cases.stream().filter(c -> c.way().charged).toList());
    awaitStops(40);
    kill();
  }

  private void open(Handsets phones) {
    for (Case each : cases) {
      node.open(each.stall());
      phones.phone(each.stall().name(), node.sip());
    }
  }

  private void call(Handsets phones, Case one) {
    UaCall call = phones.call(one.stall().number(), node.sip());
    calls.put(one, call);
    var unused = call.answered().thenRun(() -> answeredAt.put(one, Instant.now()));
  }

  /** Waits until these are answered; gives the moment, in nanoseconds. */
  private long answered(List<Case> those) throws Exception {
    for (Case each : those) {
      if (!calls.get(each).answered().get(20, TimeUnit.SECONDS)) {
        throw new AssertionError(each + " was not answered\n" + node.logTail());
      }
    }
    return System.nanoTime();
  }

  private void awaitStops(int seconds) {
    long stops = cases.stream().filter(c -> !c.stop().isEmpty()).count();
    try {
      Books.await("every call is parked", seconds, () -> node.stops().size() == stops);
    } catch (AssertionError late) {
      throw new AssertionError("not parked: " + notStopped() + "\n" + node.logTail(), late);
    }
  }

  private void kill() {
    node.kill();
    killedAt = Instant.now();
  }

  Instant killedAt() {
    return killedAt;
  }

  /** How long an answered call was up when the node was killed, by its caller's clock. */
  long livedMillis(Case one) {
    Instant answered = Objects.requireNonNull(answeredAt.get(one), one + " was not answered");
    return Duration.between(answered, killedAt).toMillis();
  }

  /** Starts it again where no phone sends anything. */
  NodeProcess restart(String rtpPorts) {
    node = start(rtpPorts, false);
    return node;
  }

  /** Cases that did not come to their boundary; for a message. */
  private List<String> notStopped() {
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
