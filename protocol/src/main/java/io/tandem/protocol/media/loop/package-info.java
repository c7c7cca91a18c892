/**
 * The threads and sockets that carry media: one door, several ways through it.
 *
 * <p>Job: bind port pairs, hand each datagram to who is seated on its pair, send what is handed
 * back, all on one thread a pair and without copying. Way in: {@link
 * io.tandem.protocol.media.loop.Wire#open}. Neighbours: {@code relay} seats its legs here and keeps
 * every policy; this package never looks into a packet.
 */
@NullMarked
package io.tandem.protocol.media.loop;

import org.jspecify.annotations.NullMarked;
