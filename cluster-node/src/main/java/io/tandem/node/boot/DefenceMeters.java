package io.tandem.node.boot;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.tandem.protocol.sip.defence.DefenceCounters;
import io.tandem.protocol.sip.transport.SipTransport;
import io.tandem.protocol.sip.transport.TransportCounters;
import java.util.function.ToLongFunction;

/** What the SIP front end counted of strangers and of its sockets, as meters. */
final class DefenceMeters {
  private DefenceMeters() {}

  static void register(MeterRegistry meters, SipTransport transport) {
    DefenceCounters defence = transport.defence().counters();
    stranger(meters, defence, "over-rate", DefenceCounters::overRate);
    stranger(meters, defence, "banned", DefenceCounters::banned);
    stranger(meters, defence, "answer-withheld", DefenceCounters::withheld);
    stranger(meters, defence, "waited-too-long", DefenceCounters::shed);
    stranger(meters, defence, "not-even-refused", DefenceCounters::unrefused);
    stranger(meters, defence, "not-even-read", DefenceCounters::unread);
    stranger(meters, defence, "line-full", DefenceCounters::lost);
    FunctionCounter unused =
        FunctionCounter.builder("tandem.sip.bans", defence, DefenceCounters::bans).register(meters);
    meters.gauge("tandem.sip.connections", transport, SipTransport::openConnections);
    TransportCounters sockets = transport.counters();
    socket(meters, sockets, "malformed", TransportCounters::badReceived);
    socket(meters, sockets, "unreadable", TransportCounters::unanswerableReceived);
    socket(meters, sockets, "refused-early", TransportCounters::refusalsSent);
    socket(meters, sockets, "not-sent", TransportCounters::sendFailures);
    socket(meters, sockets, "connection-refused", TransportCounters::connectionsRefused);
    socket(meters, sockets, "handshake-failed", TransportCounters::handshakeFailures);
  }

  private static void stranger(
      MeterRegistry meters,
      DefenceCounters of,
      String what,
      ToLongFunction<DefenceCounters> count) {
    FunctionCounter unused =
        FunctionCounter.builder("tandem.sip.turned.away", of, count::applyAsLong)
            .tag("why", what)
            .register(meters);
  }

  private static void socket(
      MeterRegistry meters,
      TransportCounters of,
      String what,
      ToLongFunction<TransportCounters> count) {
    FunctionCounter unused =
        FunctionCounter.builder("tandem.sip.sockets", of, count::applyAsLong)
            .tag("what", what)
            .register(meters);
  }
}
