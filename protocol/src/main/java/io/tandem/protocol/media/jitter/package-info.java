/**
 * Order and pace for the packets of a stream.
 *
 * <p>Job: hold packets as long as the network makes it necessary and no longer, tell lost from
 * late. Pure: arrival and playing times are passed in. Way in: {@link
 * io.tandem.protocol.media.jitter.JitterBuffer}. Neighbours: {@code voice} puts packets in and
 * decodes what comes out; a relayed leg has none.
 */
@NullMarked
package io.tandem.protocol.media.jitter;

import org.jspecify.annotations.NullMarked;
