package io.tandem.node.edge;

import io.tandem.protocol.sip.message.SipRequest;
import io.tandem.protocol.sip.message.SipResponse;
import io.tandem.protocol.sip.message.Via;
import io.tandem.protocol.sip.transaction.SipWire;
import io.tandem.protocol.sip.transport.Flow;
import io.tandem.protocol.sip.transport.SendFailure;
import io.tandem.protocol.sip.transport.SipTransport;
import io.tandem.protocol.sip.transport.Target;
import java.util.function.Consumer;

/** The transaction layer's wire over real sockets. */
record TransportWire(SipTransport transport) implements SipWire {
  @Override
  public void send(SipRequest request, Target target, Consumer<SendFailure> onFailure) {
    transport.send(target, request, onFailure);
  }

  @Override
  public void respond(SipResponse response, Flow flow, Consumer<SendFailure> onFailure) {
    transport.reply(flow, response, onFailure);
  }

  @Override
  public Via via(Target target, String branch) {
    var bind =
        transport
            .facing(target)
            .orElseThrow(() -> new IllegalStateException("no socket of ours faces the peer"));
    return Via.ours(target.protocol().name(), bind.sentByHost(), bind.address().getPort(), branch);
  }
}
