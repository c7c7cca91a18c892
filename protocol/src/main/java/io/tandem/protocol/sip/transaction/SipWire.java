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
   * Whether a response of that length may leave once more: not where nobody has shown to hear us
   * and less came from there (ACC-8). To be asked before it is made again.
   */
  default boolean mayRepeat(Flow flow, int octets) {
    return true;
  }

  /** The same of a request within a dialog: whoever opened that may have forged its address. */
  default boolean mayRepeat(SipRequest request, Target target) {
    return true;
  }

  /** The peer answered what only it can have read, from where it was told. */
  default void proven(Flow flow) {}

  /** The Via of ours for requests to that target. */
  Via via(Target target, String branch);
}
