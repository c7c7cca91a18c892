package io.tandem.protocol.sip.transaction;

import io.tandem.protocol.sip.message.SipResponse;
import io.tandem.protocol.sip.transport.Flow;
import io.tandem.protocol.sip.transport.SendFailure;

/**
 * Who sent a request hears what became of it: any number of provisional responses, then one final
 * response, a timeout or a transport error. An INVITE may bring several 2xx, and each again: each
 * needs its ACK (13.2.2.4). Always on the loop.
 */
public interface ClientUser {

  void onResponse(ClientTransactionId id, SipResponse response, Flow flow);

  /** No final response came in time (timers B and F): treat it as a 408 (8.1.3.1). */
  void onTimeout(ClientTransactionId id);

  /** It could not be sent: treat it as a 503 (8.1.3.1). */
  void onTransportError(ClientTransactionId id, SendFailure failure);
}
