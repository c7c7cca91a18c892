/**
 * The media anchor: both legs of a call send to us, and we pass the packets on.
 *
 * <p>Job: latching, forwarding, counting, proof of life. Way in: {@link
 * io.tandem.protocol.media.relay.MediaAnchor}. A packet's way: {@code PortPair → LegTraffic →
 * (PacketTransform) → SourceLatch → the other LegTraffic → (its PacketTransform) → PortPair}, all
 * on one loop. Neighbours: {@code loop} has the sockets and threads, {@code rtp} and {@code rtcp}
 * read the packets, {@code srtp}, {@code dtls} and {@code ice} come in through {@link
 * io.tandem.protocol.media.relay.PacketTransform}, the node's edge commands the relays and polls
 * them.
 */
@NullMarked
package io.tandem.protocol.media.relay;

import org.jspecify.annotations.NullMarked;
