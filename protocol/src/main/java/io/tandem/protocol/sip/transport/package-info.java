/**
 * SIP over UDP, TCP, TLS, WS and WSS sockets (RFC 3261 section 18, RFC 3581, RFC 5923, RFC 7118),
 * on Netty.
 *
 * <p>Way in: {@link SipTransport}, whose {@link SipListener} hears every readable message on the
 * one thread of {@link EdgeLoop}; {@link Flow} and {@link Destination} say where a message goes.
 * Neighbours: {@code sip.message} reads and writes the bytes, {@code sip.transaction} and the edge
 * listen and send. Malformed requests are answered here and go no further.
 */
@NullMarked
package io.tandem.protocol.sip.transport;

import org.jspecify.annotations.NullMarked;
