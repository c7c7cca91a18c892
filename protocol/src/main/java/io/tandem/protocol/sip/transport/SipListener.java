package io.tandem.protocol.sip.transport;

import io.tandem.protocol.sip.message.ParseOutcome;

/** Hears what comes from the wire, always on the transport's {@link EdgeLoop}. */
public interface SipListener {
  void received(Inbound inbound);

  /** A malformed request; where an answer was due, the transport has already given it. */
  default void refused(ParseOutcome.Bad bad, Flow flow) {}

  /** A connection is gone: nothing can be sent on its flow any more. */
  default void closed(Flow flow) {}
}
