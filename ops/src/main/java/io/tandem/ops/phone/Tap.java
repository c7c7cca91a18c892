package io.tandem.ops.phone;

import io.tandem.protocol.sip.message.ParseOutcome;
import io.tandem.protocol.sip.message.SipMessage;
import io.tandem.protocol.sip.message.SipRequest;
import io.tandem.protocol.sip.message.SipResponse;
import io.tandem.protocol.sip.message.Via;
import io.tandem.protocol.sip.transaction.SipWire;
import io.tandem.protocol.sip.transport.Flow;
import io.tandem.protocol.sip.transport.Inbound;
import io.tandem.protocol.sip.transport.SendFailure;
import io.tandem.protocol.sip.transport.SipListener;
import io.tandem.protocol.sip.transport.Target;
import java.util.function.Consumer;

/**
 * Stands between a user agent and its wire and shows an ear everything that passes, in both
 * directions. On the loop.
 */
public final class Tap {
  private Tap() {}

  /** Hears messages. */
  @FunctionalInterface
  public interface Ear {
    /** One message, sent or received by the phone. */
    void heard(boolean sent, SipMessage message);
  }

  /** The wire as the user agent is to have it. */
  public static SipWire on(SipWire wire, Ear ear) {
    return new SipWire() {
      @Override
      public void send(SipRequest request, Target target, Consumer<SendFailure> onFailure) {
        ear.heard(true, request);
        wire.send(request, target, onFailure);
      }

      @Override
      public void respond(SipResponse response, Flow flow, Consumer<SendFailure> onFailure) {
        ear.heard(true, response);
        wire.respond(response, flow, onFailure);
      }

      @Override
      public Via via(Target target, String branch) {
        return wire.via(target, branch);
      }
    };
  }

  /** The listener as the transport is to have it. */
  public static SipListener before(SipListener listener, Ear ear) {
    return new SipListener() {
      @Override
      public void received(Inbound inbound) {
        ear.heard(false, inbound.message());
        listener.received(inbound);
      }

      @Override
      public void refused(ParseOutcome.Bad bad, Flow flow) {
        listener.refused(bad, flow);
      }

      @Override
      public void closed(Flow flow) {
        listener.closed(flow);
      }
    };
  }
}
