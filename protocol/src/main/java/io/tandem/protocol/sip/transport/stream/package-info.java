/**
 * What comes out of a connection: bytes or WebSocket frames cut into messages (RFC 3261 section
 * 18.3, RFC 7118).
 *
 * <p>Way in: {@link io.tandem.protocol.sip.transport.stream.SipStreamDecoder} for TCP and TLS,
 * {@link io.tandem.protocol.sip.transport.stream.WebSocketMessages} behind {@link
 * io.tandem.protocol.sip.transport.stream.WebSocketGate} for browsers. Neighbours: {@code
 * sip.message} parses each message, the connections of {@code sip.transport} stand behind.
 */
@NullMarked
package io.tandem.protocol.sip.transport.stream;

import org.jspecify.annotations.NullMarked;
