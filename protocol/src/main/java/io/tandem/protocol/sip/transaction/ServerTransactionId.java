package io.tandem.protocol.sip.transaction;

import io.tandem.protocol.sip.message.SipRequest;
import io.tandem.protocol.sip.message.Via;
import java.util.Locale;

/**
 * What a request has in common with its retransmissions (RFC 3261 17.2.3).
 *
 * @param branch of the top Via; for a peer of RFC 2543, the fields that identify its request, in
 *     one text
 * @param sentBy of the top Via, lower case; empty for RFC 2543
 * @param method INVITE also for its ACK
 */
public record ServerTransactionId(String branch, String sentBy, String method) {

  /** The transaction a received request belongs to or opens. */
  static ServerTransactionId of(SipRequest request) {
    return of(request, request.is(SipRequest.ACK) ? SipRequest.INVITE : request.method());
  }

  /** The INVITE that a CANCEL is for (9.2): all the same but the method. */
  static ServerTransactionId cancelledBy(SipRequest cancel) {
    return of(cancel, SipRequest.INVITE);
  }

  private static ServerTransactionId of(SipRequest request, String method) {
    Via via = request.topVia();
    String branch = via.branch();
    return branch != null && via.hasRfc3261Branch()
        ? new ServerTransactionId(branch, via.sentBy().toLowerCase(Locale.ROOT), method)
        : new ServerTransactionId(rfc2543(request, via), "", method);
  }

  /**
   * Request-URI, From tag, Call-ID, CSeq number and top Via. The To tag is left out: an ACK has one
   * where its INVITE had none, and within a dialog the number tells requests apart.
   */
  private static String rfc2543(SipRequest request, Via via) {
    return request.uri()
        + "\n"
        + request.fromTag()
        + "\n"
        + request.callId()
        + "\n"
        + request.cseq().number()
        + "\n"
        + via;
  }

  /** The method only: the rest may come from outside (PRV-4). */
  @Override
  public String toString() {
    return "ServerTransactionId[" + method + "]";
  }
}
