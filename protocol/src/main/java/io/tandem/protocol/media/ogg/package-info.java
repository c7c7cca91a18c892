/**
 * Ogg, the envelope of Opus in files (RFC 3533).
 *
 * <p>Job: packets to pages and back, checksums. Pure. Way in: {@link
 * io.tandem.protocol.media.ogg.OggPages}, {@link io.tandem.protocol.media.ogg.OggPackets}.
 * Neighbours: {@code record} writes it, {@code playout} reads it.
 */
@NullMarked
package io.tandem.protocol.media.ogg;

import org.jspecify.annotations.NullMarked;
