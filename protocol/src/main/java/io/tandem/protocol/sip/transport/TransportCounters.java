package io.tandem.protocol.sip.transport;

import io.tandem.protocol.sip.message.SipMessage;
import io.tandem.protocol.sip.message.SipRequest;
import io.tandem.protocol.sip.message.SipResponse;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** What the transport has seen since its start; readable from any thread, never reset. */
public final class TransportCounters {
  /** Methods beyond these count as one, so that no stranger makes the table grow. */
  private static final int MAX_METHODS = 32;

  private final Map<String, LongAdder> requests = new ConcurrentHashMap<>();
  private final LongAdder responses = new LongAdder();
  private final LongAdder keepAlives = new LongAdder();
  private final LongAdder bad = new LongAdder();
  private final LongAdder badAnswered = new LongAdder();
  private final LongAdder unanswerable = new LongAdder();
  private final LongAdder sentRequests = new LongAdder();
  private final LongAdder sentResponses = new LongAdder();
  private final LongAdder refusals = new LongAdder();
  private final LongAdder sendFailures = new LongAdder();
  private final LongAdder connectionsRefused = new LongAdder();
  private final LongAdder connectionsTimedOut = new LongAdder();
  private final LongAdder handshakeFailures = new LongAdder();
  private final LongAdder listenerFailures = new LongAdder();

  private volatile MessageWatch watch = MessageWatch.NONE;

  /** Who is shown every message from now on. */
  void watch(MessageWatch by) {
    watch = by;
  }

  void countReceived(SipMessage message, Flow flow) {
    watch.received(message, flow);
    if (message instanceof SipRequest request) {
      LongAdder adder = requests.get(request.method());
      if (adder == null) {
        String key = requests.size() < MAX_METHODS ? request.method() : "other";
        adder = requests.computeIfAbsent(key, k -> new LongAdder());
      }
      adder.increment();
    } else {
      responses.increment();
    }
  }

  void countSent(SipMessage message, Flow flow) {
    watch.sent(message, flow);
    (message instanceof SipResponse ? sentResponses : sentRequests).increment();
  }

  void countRefusal() {
    refusals.increment();
  }

  void countKeepAlive() {
    keepAlives.increment();
  }

  void countBad() {
    bad.increment();
  }

  void countBadAnswered() {
    badAnswered.increment();
  }

  void countUnanswerable() {
    unanswerable.increment();
  }

  void countSendFailure() {
    sendFailures.increment();
  }

  void countConnectionRefused() {
    connectionsRefused.increment();
  }

  void countConnectionTimedOut() {
    connectionsTimedOut.increment();
  }

  void countHandshakeFailure() {
    handshakeFailures.increment();
  }

  void countListenerFailure() {
    listenerFailures.increment();
  }

  /** Good requests received, by method. */
  public Map<String, Long> requestsReceived() {
    Map<String, Long> counts = new TreeMap<>();
    requests.forEach((method, count) -> counts.put(method, count.sum()));
    return counts;
  }

  public long responsesReceived() {
    return responses.sum();
  }

  /** CRLF pings and empty datagrams. */
  public long keepAlivesReceived() {
    return keepAlives.sum();
  }

  /** Malformed requests. */
  public long badReceived() {
    return bad.sum();
  }

  /** Malformed requests that were answered (400, 505, 513). */
  public long badAnswered() {
    return badAnswered.sum();
  }

  /** Malformed responses and what is no SIP: dropped. */
  public long unanswerableReceived() {
    return unanswerable.sum();
  }

  public long requestsSent() {
    return sentRequests.sum();
  }

  public long responsesSent() {
    return sentResponses.sum();
  }

  /** Requests refused with a 503 without being read (OPS-5). */
  public long refusalsSent() {
    return refusals.sum();
  }

  /** Messages that did not leave. */
  public long sendFailures() {
    return sendFailures.sum();
  }

  /** Connections not accepted or not made because of a limit. */
  public long connectionsRefused() {
    return connectionsRefused.sum();
  }

  /** Connections closed for being idle or for a message that did not end. */
  public long connectionsTimedOut() {
    return connectionsTimedOut.sum();
  }

  /** TLS handshakes that failed, certificates of somebody else included. */
  public long handshakeFailures() {
    return handshakeFailures.sum();
  }

  /** Exceptions that the listener let through: mistakes of ours. */
  public long listenerFailures() {
    return listenerFailures.sum();
  }
}
