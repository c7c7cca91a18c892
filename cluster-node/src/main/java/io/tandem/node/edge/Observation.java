package io.tandem.node.edge;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.tandem.persistence.readmodel.SipTraces;
import io.tandem.protocol.sip.message.SipMessage;
import io.tandem.protocol.sip.message.SipRequest;
import io.tandem.protocol.sip.message.SipResponse;
import io.tandem.protocol.sip.observe.CallTraces;
import io.tandem.protocol.sip.observe.SessionMeasures;
import io.tandem.protocol.sip.transport.EdgeLoop;
import io.tandem.protocol.sip.transport.Flow;
import io.tandem.protocol.sip.transport.MessageWatch;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches the SIP messages of this edge: counts them by method and status, measures sessions (RFC
 * 6076), keeps the last messages of each call and stores them when it is over, and passes copies to
 * a Homer collector where there is one. On the loop; the database is written elsewhere.
 */
public final class Observation implements MessageWatch {
  private static final Logger LOG = LoggerFactory.getLogger(Observation.class);
  private static final int DIALOGS_MAX = 20_000;
  private static final int MESSAGES_MAX = 60;
  private static final int CALLS_MAX = 20_000;
  private static final int WAITING_MAX = 5_000;
  private static final long STORE_MILLIS = 1_000;
  private static final int CLEAR_EVERY = 600;
  private static final Duration KEPT = Duration.ofDays(7);
  private static final Set<String> METHODS =
      Set.of(
          "INVITE",
          "ACK",
          "CANCEL",
          "BYE",
          "OPTIONS",
          "INFO",
          "REGISTER",
          "PRACK",
          "UPDATE",
          "REFER",
          "NOTIFY",
          "SUBSCRIBE",
          "MESSAGE",
          "PUBLISH");

  private final EdgeLoop loop;
  private final InstantSource wall;
  private final Executor blocking;
  private final SipTraces store;
  private final String edgeId;
  private final MeterRegistry meters;
  private final HepExport hep;
  private final CallTraces traces = new CallTraces(DIALOGS_MAX, MESSAGES_MAX);
  private final SessionMeasures measures;
  private final Map<Counted, Counter> counters = new HashMap<>();
  private final Map<String, String> callOf = bounded();
  private final Map<String, Map<String, String>> dialogsOf = bounded();
  private final List<SipTraces.Trace> waiting = new ArrayList<>();
  private int rounds;

  /** Of one edge; shown messages by the transport. */
  public Observation(
      String edgeId,
      EdgeLoop loop,
      InstantSource wall,
      Executor blocking,
      SipTraces store,
      MeterRegistry meters,
      HepExport hep) {
    this.edgeId = edgeId;
    this.loop = loop;
    this.wall = wall;
    this.blocking = blocking;
    this.store = store;
    this.meters = meters;
    this.hep = hep;
    this.measures = new SessionMeasures(new SessionMeters(meters));
  }

  /**
   * What a counter counts.
   *
   * @param status 0 for requests
   */
  private record Counted(boolean in, String method, int status) {}

  private static <V> Map<String, V> bounded() {
    return new LinkedHashMap<>() {
      private static final long serialVersionUID = 1L;

      @Override
      protected boolean removeEldestEntry(Map.Entry<String, V> eldest) {
        return size() > CALLS_MAX;
      }
    };
  }

  /** Begins to store what is over, once a second. */
  public void start() {
    var timer = loop.schedule(STORE_MILLIS, this::storeWaiting);
    LOG.trace("next storing: {}", timer);
  }

  @Override
  public void received(SipMessage message, Flow flow) {
    note(message, true, flow);
  }

  @Override
  public void sent(SipMessage message, Flow flow) {
    if (message instanceof SipRequest request && request.is(SipRequest.INVITE)) {
      String callId = request.header("X-Tandem-Call");
      if (callId != null) {
        belongs(request.callId(), callId);
      }
    }
    note(message, false, flow);
  }

  private void note(SipMessage message, boolean in, Flow flow) {
    if (!message.isNamed()) {
      return; // the answer to a malformed request belongs to nothing; the transport has counted it
    }
    Instant now = wall.instant();
    count(message, in);
    measures.note(message, in, loop.nanoTime());
    traces.note(message, in, flow, now);
    hep.export(message, in, flow, now, callOf.getOrDefault(message.callId(), message.callId()));
  }

  private void count(SipMessage message, boolean in) {
    String method = message.cseq().method();
    int status = message instanceof SipResponse response ? response.status() : 0;
    Counted what = new Counted(in, METHODS.contains(method) ? method : "other", status);
    counters.computeIfAbsent(what, this::counter).increment();
  }

  private Counter counter(Counted what) {
    String direction = what.in() ? "in" : "out";
    return what.status() == 0
        ? meters.counter("tandem.sip.requests", "direction", direction, "method", what.method())
        : meters.counter(
            "tandem.sip.responses",
            "direction",
            direction,
            "method",
            what.method(),
            "status",
            Integer.toString(what.status()));
  }

  /** A SIP dialog is a leg of that call: the first is the caller's, others are phones'. */
  void belongs(String sipCallId, String callId) {
    callOf.put(sipCallId, callId);
    traces.keep(sipCallId);
    Map<String, String> legs = dialogsOf.computeIfAbsent(callId, id -> new LinkedHashMap<>());
    legs.putIfAbsent(sipCallId, legs.isEmpty() ? "caller" : "phone");
  }

  /** The call is over, late messages included: what is remembered of it is stored. */
  void over(String callId) {
    Map<String, String> dialogs = dialogsOf.remove(callId);
    if (dialogs == null) {
      return;
    }
    String lines =
        traces.of(dialogs).stream().map(CallTraces.Line::text).collect(Collectors.joining("\n"));
    dialogs.keySet().forEach(traces::forget);
    dialogs.keySet().forEach(callOf::remove);
    if (waiting.size() < WAITING_MAX) {
      waiting.add(new SipTraces.Trace(callId, edgeId, wall.instant(), lines));
    }
  }

  private void storeWaiting() {
    start();
    boolean clear = rounds++ % CLEAR_EVERY == 0;
    if (waiting.isEmpty() && !clear) {
      return;
    }
    List<SipTraces.Trace> batch = List.copyOf(waiting);
    waiting.clear();
    Instant before = wall.instant().minus(KEPT);
    blocking.execute(
        () -> {
          try {
            store.store(batch);
            int cleared = clear ? store.clear(before) : 0;
            LOG.debug("{} traces stored, {} cleared", batch.size(), cleared);
          } catch (RuntimeException away) {
            LOG.warn("{} traces were not stored: {}", batch.size(), away.toString());
          }
        });
  }
}
