/**
 * The media anchor: both legs of a call send to us, and we pass the packets on.
 *
 * <p>Job: port pairs, latching, forwarding, counting, proof of life. Way in: {@link
 * io.tandem.protocol.media.relay.MediaAnchor}. A packet's way: {@code PortPair → LegTraffic →
 * SourceLatch → the other LegTraffic → PortPair}, all on one event loop. Neighbours: {@code rtp}
 * and {@code rtcp} read the packets, the node's edge commands the relays and polls them.
 */
@NullMarked
package io.tandem.protocol.media.relay;

import org.jspecify.annotations.NullMarked;
