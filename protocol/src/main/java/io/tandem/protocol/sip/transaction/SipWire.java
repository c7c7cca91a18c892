package io.tandem.protocol.sip.transaction;

import io.tandem.protocol.sip.message.SipRequest;
import io.tandem.protocol.sip.message.SipResponse;
import io.tandem.protocol.sip.message.Via;
import io.tandem.protocol.sip.transport.Flow;
import io.tandem.protocol.sip.transport.SendFailure;
import io.tandem.protocol.sip.transport.Target;
import java.util.function.Consumer;

/**
 * What the transaction layer needs of a transport; a simulator stands in for it in tests. All on
 * the loop.
 */
public interface SipWire {

  /** Sends a request that has its Via. A failure may be told now or later; success is silent. */
  void send(SipRequest request, Target target, Consumer<SendFailure> onFailure);

  /** Sends a response the way its top Via and the request's flow say (RFC 3261 18.2.2). */
  void respond(SipResponse response, Flow flow, Consumer<SendFailure> onFailure);

  /**
   * Whether the peer has shown that it hears us. To one that has not, responses are repeated only
   * when its request is (ACC-8).
   */
  default boolean hears(Flow flow) {
    return true;
  }

  /** The peer answered what only it can have read. */
  default void proven(Flow flow) {}

  /** The Via of ours for requests to that target. */
  Via via(Target target, String branch);
}
