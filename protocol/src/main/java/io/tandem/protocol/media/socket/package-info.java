/**
 * Linux UDP sockets by the system's own calls, through the foreign-function API.
 *
 * <p>Job: the calls, the layouts of what they are given on x86-64 and aarch64, and nothing of what
 * they are for. Way in: {@link io.tandem.protocol.media.socket.SystemCalls}. Neighbours: {@code
 * loop} carries media on it, {@code bench} loads it; elsewhere nobody needs it.
 */
@NullMarked
package io.tandem.protocol.media.socket;

import org.jspecify.annotations.NullMarked;
