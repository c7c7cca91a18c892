package io.tandem.protocol.sip.transport;

import io.tandem.protocol.sip.message.SipMessage;

/**
 * A readable message from the wire; a request's top Via already says where it came from.
 *
 * @param receivedNanos by {@link EdgeLoop#nanoTime}, when it was read from the socket
 */
public record Inbound(SipMessage message, Flow flow, long receivedNanos) {}
