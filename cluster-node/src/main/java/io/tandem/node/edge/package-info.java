/**
 * The SIP front end and media sessions of this node: what comes from the wire becomes commands and
 * attestations to calls, what calls want becomes SIP and RTP.
 *
 * <p>Way in: {@link io.tandem.node.edge.Edge}; then {@link io.tandem.node.edge.CallSession}, one a
 * call, which runs the pure {@code legs}. Everything of a call happens on one loop. Neighbours:
 * {@code protocol} below, {@code EntityGateway} above, {@code directory} and {@code routing}
 * beside.
 */
@NullMarked
package io.tandem.node.edge;

import org.jspecify.annotations.NullMarked;
