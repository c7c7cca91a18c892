package io.tandem.protocol.sip.transport;

import java.net.InetSocketAddress;

/**
 * Where a message came from and where an answer goes (RFC 5626 section 3.3): the socket of ours and
 * the peer's address; for TCP one connection, which is gone when it closes.
 *
 * @param local the address that our socket is bound to
 * @param remote the source address of the message
 * @param connectionId unique within this process; 0 for UDP
 */
public record Flow(
    TransportProtocol protocol,
    InetSocketAddress local,
    InetSocketAddress remote,
    long connectionId)
    implements Target {}
