package io.tandem.node.edge.voice;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tandem.node.intercept.InterceptDesk;
import io.tandem.persistence.privacy.Interception;
import io.tandem.protocol.media.record.Recording;
import java.io.IOException;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Listens in on one call for as long as an order stands (CMP-7): its facts are filed, and from the
 * answer on its sound is recorded, whatever its campaign does. Nothing of it is told to the call.
 * On the edge's loop only; files and trail are the desk's thread's.
 */
public final class CallTap {
  private final CallVoice voice;
  private final Executor loop;
  private final InterceptDesk desk;
  private final Supplier<Instant> clock;
  private final Map<String, String> numbers = new LinkedHashMap<>();
  private final Set<String> blinds = new HashSet<>();
  private final Map<Long, Under> under = new HashMap<>();
  private String callId = "";
  private boolean answered;
  private boolean over;

  /** One order that the call is under. */
  private static final class Under {
    final Interception order;
    boolean asked;
    boolean stopped;

    /** The rest belongs to the desk's thread. */
    boolean noted;

    @Nullable Recording recording;
    String silent = "it was not answered";

    Under(Interception order) {
      this.order = order;
    }
  }

  public CallTap(CallVoice voice, Executor loop, InterceptDesk desk, Supplier<Instant> clock) {
    this.voice = voice;
    this.loop = loop;
    this.desk = desk;
    this.clock = clock;
  }

  /** The call is taken. */
  public void began(String id, String caller, String called) {
    callId = id;
    numbers.put("caller", caller);
    numbers.put("called", called);
    look();
  }

  /**
   * An agent has answered.
   *
   * @param endpoint its phone: a SIP user name, or a number behind a trunk
   */
  public void answered(String endpoint) {
    answered = true;
    numbers.put("agent", endpoint);
    blinds.clear();
    under.values().forEach(each -> file(each, "answered", "ANSWERED"));
    look();
  }

  /** Looks which orders stand now: to be called at each turn, and every few seconds. */
  public void look() {
    if (over || callId.isEmpty() || (!desk.any() && under.isEmpty())) {
      return;
    }
    if (blinds.isEmpty()) {
      numbers.values().stream()
          .filter(text -> text.matches("\\+?[0-9]{3,15}"))
          .map(desk::blind)
          .forEach(blinds::add);
    }
    List<Interception> standing = desk.on(blinds);
    for (Under each : List.copyOf(under.values())) {
      if (!standing.contains(each.order)) {
        stop(each, "the order has ended");
      }
    }
    for (Interception order : standing) {
      if (!under.containsKey(order.request())) {
        start(order);
      }
    }
    under.values().forEach(this::listen);
  }

  private void start(Interception order) {
    Under next = new Under(order);
    under.put(order.request(), next);
    desk.execute(
        () -> {
          next.noted = desk.started(order, callId);
          if (!next.noted) { // tried again with the next look
            loop.execute(() -> under.remove(order.request(), next));
          }
        });
    file(next, "began", "UNDER_ORDER");
  }

  private void file(Under of, String part, String event) {
    String facts = facts(of, event).toString();
    desk.execute(
        () -> {
          if (of.noted) {
            String unused = desk.file(of.order, callId, part, facts);
          }
        });
  }

  private ObjectNode facts(Under of, String event) {
    ObjectNode facts =
        JsonNodeFactory.instance
            .objectNode()
            .put("case", of.order.caseId())
            .put("request", of.order.request())
            .put("call", callId)
            .put("event", event)
            .put("at", clock.get().toString());
    numbers.forEach(facts::put);
    return facts;
  }

  private void listen(Under to) {
    if (!answered || to.asked) {
      return;
    }
    Integer rateHz = voice.recordableHz().orElse(null);
    if (rateHz == null) { // looked at again: a caller may offer late, or another codec
      desk.execute(() -> to.silent = "its codec is not one that is recorded");
      return;
    }
    to.asked = true;
    desk.execute(
        () -> {
          if (to.noted) {
            open(to, rateHz);
          }
        });
  }

  private void open(Under to, int rateHz) {
    try {
      Recording opened = desk.record(to.order, callId, rateHz);
      to.recording = opened;
      loop.execute(
          () -> {
            if (!to.stopped) {
              voice.intercept(to.order.request(), opened, rateHz);
            }
          });
    } catch (IOException refused) {
      to.silent = "the store has failed";
    }
  }

  private void stop(Under ended, String reason) {
    ended.stopped = true;
    under.remove(ended.order.request());
    voice.interceptNoMore(ended.order.request());
    file(ended, "ended", "NO_LONGER");
    desk.execute(
        () -> {
          if (ended.noted) {
            desk.stopped(ended.order, "call " + callId + ' ' + kept(ended), reason);
          }
        });
  }

  private static String kept(Under ended) {
    Recording recording = ended.recording;
    if (recording == null) {
      return "no sound: " + ended.silent;
    }
    Recording.Done done = recording.finish();
    return done.failure().isEmpty()
        ? "sha256 " + done.sha256() + " millis " + Math.round(done.seconds() * 1000)
        : "sound up to " + Math.round(done.seconds() * 1000) + " ms: " + done.failure();
  }

  /** The call is over. */
  public void end() {
    if (!over) {
      List.copyOf(under.values()).forEach(each -> stop(each, "the call has ended"));
      over = true;
    }
  }
}
