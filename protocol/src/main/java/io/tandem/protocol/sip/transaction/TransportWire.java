package io.tandem.protocol.sip.transaction;

import io.tandem.protocol.sip.message.SipRequest;
import io.tandem.protocol.sip.message.SipResponse;
import io.tandem.protocol.sip.message.Via;
import io.tandem.protocol.sip.transport.Bind;
import io.tandem.protocol.sip.transport.Flow;
import io.tandem.protocol.sip.transport.SendFailure;
import io.tandem.protocol.sip.transport.SipTransport;
import io.tandem.protocol.sip.transport.Target;
import io.tandem.protocol.sip.transport.TransportProtocol;
import java.util.function.Consumer;

/** The real wire: the sockets of an edge. */
public record TransportWire(SipTransport transport) implements SipWire {

  @Override
  public void send(SipRequest request, Target target, Consumer<SendFailure> onFailure) {
    transport.send(target, request, onFailure);
  }

  @Override
  public void respond(SipResponse response, Flow flow, Consumer<SendFailure> onFailure) {
    transport.reply(flow, response, onFailure);
  }

  @Override
  public boolean mayRepeat(Flow flow, int octets) {
    return flow.protocol().isReliable()
        || transport
            .defence()
            .mightAnswer(flow.remote().getAddress(), octets, transport.loop().nanoTime());
  }

  @Override
  public boolean mayRepeat(SipRequest request, Target target) {
    return target.protocol().isReliable()
        || transport
            .defence()
            .mayAnswer(
                target.remote().getAddress(),
                request.written().length,
                false,
                transport.loop().nanoTime());
  }

  @Override
  public void proven(Flow flow) {
    transport.defence().proven(flow.remote().getAddress(), transport.loop().nanoTime());
  }

  @Override
  public Via via(Target target, String branch) {
    String protocol = target.protocol().name();
    // without a socket facing the target the sending fails, and says so; the Via is then never seen
    return transport
        .facing(target)
        .map(bind -> Via.ours(protocol, bind.sentByHost(), port(bind), branch))
        .map(via -> target.protocol() == TransportProtocol.TLS ? via.withParam("alias", null) : via)
        .orElseGet(() -> Via.ours(protocol, "invalid.invalid", -1, branch));
  }

  private static int port(Bind bind) {
    return bind.address().getPort();
  }
}
