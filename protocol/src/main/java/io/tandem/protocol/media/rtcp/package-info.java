/**
 * RTCP: the reports that travel beside the voice (RFC 3550 §6).
 *
 * <p>Job: check a compound packet, walk it without allocation, build sender and receiver reports,
 * and know when to send them. Way in: {@link io.tandem.protocol.media.rtcp.RtcpCompound} and {@link
 * io.tandem.protocol.media.rtcp.Reporter}. Neighbours: {@code rtp} counts what a report says,
 * {@code relay} forwards and tallies what peers report.
 */
@NullMarked
package io.tandem.protocol.media.rtcp;

import org.jspecify.annotations.NullMarked;
