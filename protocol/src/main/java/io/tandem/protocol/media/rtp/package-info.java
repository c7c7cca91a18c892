/**
 * RTP as RFC 3550 draws it: one packet at a time, in place, without copying.
 *
 * <p>Job: read and write the fixed header, tell RTP from garbage, keep the reception state of one
 * source. Way in: {@link io.tandem.protocol.media.rtp.RtpPacket}, {@link
 * io.tandem.protocol.media.rtp.Reception}. Neighbours: {@code rtcp} reports what this counts,
 * {@code relay} forwards what this has checked.
 */
@NullMarked
package io.tandem.protocol.media.rtp;

import org.jspecify.annotations.NullMarked;
