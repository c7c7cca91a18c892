package io.tandem.protocol.sip.transaction;

import io.tandem.protocol.sip.message.SipRequest;

/**
 * The ACK of a 2xx as it was sent, to be sent again when its 2xx comes again (13.2.2.4). That is
 * rare, and what made the INVITE keeps it for 32 s: it is kept as octets, a quarter of what the
 * message takes.
 */
public final class SentAck {

  private final byte[] octets;
  private final long cseq;

  private SentAck(byte[] octets, long cseq) {
    this.octets = octets;
    this.cseq = cseq;
  }

  static SentAck of(SipRequest sent) {
    return new SentAck(sent.written(), sent.cseq().number());
  }

  byte[] octets() {
    return octets;
  }

  /** The CSeq number of the INVITE that it acknowledges. */
  public long cseq() {
    return cseq;
  }
}
