/**
 * What a relayed packet costs, measured on real sockets.
 *
 * <p>Job: load the relay with G.711 streams and say CPU, garbage, loss and latency. Way in: {@link
 * io.tandem.protocol.media.bench.RelayBench}, which {@code tandem bench rtp} prints. Neighbours:
 * {@code relay} is what it measures; nothing in a running node uses it.
 */
@NullMarked
package io.tandem.protocol.media.bench;

import org.jspecify.annotations.NullMarked;
