package io.tandem.node.edge;

import io.tandem.protocol.sip.message.SipResponse;
import io.tandem.protocol.sip.transaction.ClientTransactionId;
import io.tandem.protocol.sip.transaction.ClientUser;
import io.tandem.protocol.sip.transport.Flow;
import io.tandem.protocol.sip.transport.SendFailure;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * For requests whose outcome changes nothing: a BYE ends the call on our side whatever the peer
 * says (RFC 3261 15.1.1).
 */
record Unheard(String method) implements ClientUser {
  private static final Logger LOG = LoggerFactory.getLogger(Unheard.class);

  @Override
  public void onResponse(ClientTransactionId id, SipResponse response, Flow flow) {
    if (response.status() >= 300) {
      LOG.debug("{} was answered with {}", method, response.status());
    }
  }

  @Override
  public void onTimeout(ClientTransactionId id) {
    LOG.debug("{} was not answered", method);
  }

  @Override
  public void onTransportError(ClientTransactionId id, SendFailure failure) {
    LOG.debug("{} could not be sent: {}", method, failure);
  }
}
