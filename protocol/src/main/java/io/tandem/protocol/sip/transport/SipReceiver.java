package io.tandem.protocol.sip.transport;

import io.tandem.protocol.sip.message.ParseOutcome;
import io.tandem.protocol.sip.message.SipMessage;
import io.tandem.protocol.sip.message.SipParser;
import io.tandem.protocol.sip.message.SipRequest;
import io.tandem.protocol.sip.message.SipResponse;
import io.tandem.protocol.sip.message.Via;
import java.util.HexFormat;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What happens to everything that is read, from any socket: parsed, its Via noted, counted, and
 * handed up; malformed requests are answered and end here.
 */
final class SipReceiver {
  private static final Logger LOG = LoggerFactory.getLogger(SipReceiver.class);
  private static final long LOG_EVERY_NANOS = 10_000_000_000L;

  private final SipParser parser;
  private final SipListener listener;
  private final TransportCounters counters;
  private final BiConsumer<Flow, SipResponse> answer;
  private final int tagSeed = (int) System.nanoTime();

  private long lastLoggedNanos = System.nanoTime() - LOG_EVERY_NANOS;

  SipReceiver(
      SipParser parser,
      SipListener listener,
      TransportCounters counters,
      BiConsumer<Flow, SipResponse> answer) {
    this.parser = parser;
    this.listener = listener;
    this.counters = counters;
    this.answer = answer;
  }

  void datagram(byte[] bytes, int length, Flow flow) {
    long now = System.nanoTime();
    outcome(parser.parse(bytes, 0, length), flow, now);
  }

  void outcome(ParseOutcome outcome, Flow flow, long receivedNanos) {
    try {
      switch (outcome) {
        case ParseOutcome.Good good -> good(good.message(), flow, receivedNanos);
        case ParseOutcome.Bad bad -> bad(bad, flow);
        case ParseOutcome.Unanswerable nothing -> counters.countUnanswerable();
      }
    } catch (RuntimeException mistake) {
      // A mistake of ours above; the loop serves everybody else's calls and must go on.
      listenerFailed(mistake);
    }
  }

  void closed(Flow flow) {
    try {
      listener.closed(flow);
    } catch (RuntimeException mistake) {
      listenerFailed(mistake);
    }
  }

  private void good(SipMessage message, Flow flow, long receivedNanos) {
    counters.countReceived(message);
    SipMessage seen = message;
    if (message instanceof SipRequest request) {
      Via via = request.topVia();
      Via noted = ViaRules.seen(via, flow.remote());
      seen = noted.equals(via) ? request : request.withTopVia(noted);
    }
    listener.received(new Inbound(seen, flow, receivedNanos));
  }

  private void bad(ParseOutcome.Bad bad, Flow flow) {
    counters.countBad();
    ParseOutcome.Bad seen = bad;
    Via via = bad.topVia();
    if (via != null) {
      // the answer goes to where the request came from, whatever the rest of its Via says
      seen = bad.withTopVia(ViaRules.seen(via, flow.remote()));
      // the same request again gets the same tag, without any state (section 8.2.7)
      int tag = 31 * bad.readable().hashCode() + tagSeed;
      seen.answer(HexFormat.of().toHexDigits(tag))
          .ifPresent(
              response -> {
                answer.accept(flow, response);
                counters.countBadAnswered();
              });
    }
    listener.refused(seen, flow);
  }

  private void listenerFailed(RuntimeException mistake) {
    counters.countListenerFailure();
    long now = System.nanoTime();
    if (now - lastLoggedNanos >= LOG_EVERY_NANOS) {
      lastLoggedNanos = now;
      // the exception's own message may quote what a caller sent: its type and place are enough
      StackTraceElement[] trace = mistake.getStackTrace();
      LOG.error(
          "a SIP listener failed: {} at {} ({} so far)",
          mistake.getClass().getName(),
          trace.length == 0 ? "unknown" : trace[0],
          counters.listenerFailures());
    }
  }
}
