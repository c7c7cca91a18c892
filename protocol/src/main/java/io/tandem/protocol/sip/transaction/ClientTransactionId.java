package io.tandem.protocol.sip.transaction;

import io.tandem.protocol.sip.message.SipResponse;
import java.util.Optional;

/**
 * What a request of ours has in common with its responses (RFC 3261 17.1.3).
 *
 * @param branch of our Via
 * @param method from CSeq: a CANCEL has the branch of its INVITE
 */
public record ClientTransactionId(String branch, String method) {

  /** The transaction a response answers; empty when its top Via has no branch. */
  static Optional<ClientTransactionId> of(SipResponse response) {
    String branch = response.topVia().branch();
    return branch == null
        ? Optional.empty()
        : Optional.of(new ClientTransactionId(branch, response.cseq().method()));
  }

  @Override
  public String toString() {
    return "ClientTransactionId[" + method + "]";
  }
}
