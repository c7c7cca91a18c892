/**
 * The processes of {@code tandem bench rtp}: who sends, who relays.
 *
 * <p>Job: load a relay with G.711 streams from a process of its own, say loss and latency, and host
 * what is compared. Way in: the {@code main} methods, which {@code ops} starts. Neighbours: {@code
 * relay} is what it measures, {@code socket} is what it sends by; nothing in a running node uses
 * it.
 */
@NullMarked
package io.tandem.ops.bench.rtp.process;

import org.jspecify.annotations.NullMarked;
