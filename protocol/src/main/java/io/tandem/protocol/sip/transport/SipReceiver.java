package io.tandem.protocol.sip.transport;

import io.tandem.protocol.sip.defence.Defence;
import io.tandem.protocol.sip.defence.Glance;
import io.tandem.protocol.sip.defence.Verdict;
import io.tandem.protocol.sip.message.HeaderName;
import io.tandem.protocol.sip.message.ParseOutcome;
import io.tandem.protocol.sip.message.SipMessage;
import io.tandem.protocol.sip.message.SipParser;
import io.tandem.protocol.sip.message.SipRequest;
import io.tandem.protocol.sip.message.SipResponse;
import io.tandem.protocol.sip.message.Via;
import java.net.InetAddress;
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
  private static final int RETRY_AFTER_SECONDS = 5;
  private static final long LOG_EVERY_NANOS = 10_000_000_000L;

  private final SipParser parser;
  private final SipListener listener;
  private final TransportCounters counters;
  private final Defence defence;
  private final BiConsumer<Flow, SipResponse> answer;
  private final int tagSeed = (int) System.nanoTime();

  private long lastLoggedNanos = System.nanoTime() - LOG_EVERY_NANOS;

  SipReceiver(
      SipParser parser,
      SipListener listener,
      TransportCounters counters,
      Defence defence,
      BiConsumer<Flow, SipResponse> answer) {
    this.parser = parser;
    this.listener = listener;
    this.counters = counters;
    this.defence = defence;
    this.answer = answer;
  }

  void datagram(byte[] bytes, Flow flow, long receivedNanos) {
    outcome(parser.parse(bytes, 0, bytes.length), flow, receivedNanos);
  }

  void outcome(ParseOutcome outcome, Flow flow, long receivedNanos) {
    try {
      switch (outcome) {
        case ParseOutcome.Good good -> {
          if (isAdmitted(good.message(), flow, receivedNanos)) {
            good(good.message(), flow, receivedNanos);
          }
        }
        case ParseOutcome.Bad bad -> {
          if (isAdmitted(flow, receivedNanos)) {
            bad(bad, flow);
          }
        }
        case ParseOutcome.Unanswerable nothing -> {
          var _ = isAdmitted(flow, receivedNanos);
          counters.countUnanswerable();
        }
      }
    } catch (RuntimeException mistake) {
      // A mistake of ours above; the loop serves everybody else's calls and must go on.
      listenerFailed(mistake);
    }
  }

  /** Datagrams were looked at before they were read; what comes on streams is here. */
  private boolean isAdmitted(SipMessage message, Flow flow, long nowNanos) {
    if (!flow.protocol().isReliable()) {
      return true;
    }
    Verdict verdict = defence.admit(flow.remote().getAddress(), kind(message), 0, nowNanos);
    if (verdict == Verdict.REFUSE && message instanceof SipRequest request) {
      answer.accept(
          flow,
          SipResponse.to(request, 503, defence.refusedTag())
              .with(HeaderName.RETRY_AFTER, Integer.toString(RETRY_AFTER_SECONDS)));
    }
    return verdict == Verdict.SERVE;
  }

  /** Something on a stream that is no message of ours counts as one all the same. */
  private boolean isAdmitted(Flow flow, long nowNanos) {
    return !flow.protocol().isReliable() || admitsPing(flow, nowNanos);
  }

  /** Whether one more small thing of that peer is within its rate. */
  boolean admitsPing(Flow flow, long nowNanos) {
    return defence.admit(flow.remote().getAddress(), Glance.Kind.WITHIN, 0, nowNanos)
        == Verdict.SERVE;
  }

  /** Whether one more connection of that address is taken. */
  boolean admitsConnection(InetAddress from, long nowNanos) {
    return defence.mayConnect(from, nowNanos);
  }

  private Glance.Kind kind(SipMessage message) {
    if (message instanceof SipRequest request) {
      return switch (request.method()) {
        case SipRequest.CANCEL -> Glance.Kind.CANCEL;
        case SipRequest.ACK -> Glance.Kind.WITHIN;
        default -> request.toTag() == null ? Glance.Kind.NEW : Glance.Kind.WITHIN;
      };
    }
    return Glance.Kind.RESPONSE;
  }

  void closed(Flow flow) {
    try {
      listener.closed(flow);
    } catch (RuntimeException mistake) {
      listenerFailed(mistake);
    }
  }

  private void good(SipMessage message, Flow flow, long receivedNanos) {
    counters.countReceived(message, flow);
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
