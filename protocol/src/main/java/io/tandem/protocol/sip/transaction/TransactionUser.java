package io.tandem.protocol.sip.transaction;

import io.tandem.protocol.sip.message.SipRequest;
import io.tandem.protocol.sip.transport.Flow;
import io.tandem.protocol.sip.transport.SendFailure;

/** The core above the server transactions (RFC 3261 section 5: TU). Always called on the loop. */
public interface TransactionUser {

  /**
   * A new request, once. Answer it with {@link TransactionLayer#respond}, now or later. Never an
   * ACK or a CANCEL.
   */
  void onRequest(ServerTransactionId id, SipRequest request, Flow flow);

  /** An ACK that belongs to no failure response: of a 2xx, perhaps repeated, or stray. */
  void onAck(SipRequest ack, Flow flow);

  /**
   * The caller gave up. The CANCEL has been answered; answer the INVITE with 487 unless its final
   * response is out already (9.2).
   */
  void onCancel(ServerTransactionId invite, SipRequest cancel);

  /** Nobody acknowledged the failure response to this INVITE (timer H). */
  default void onUnacknowledged(ServerTransactionId invite) {}

  /**
   * A response could not be sent. The transaction stays: a retransmission gets it again (RFC 6026).
   */
  default void onTransportError(ServerTransactionId id, SendFailure failure) {}
}
