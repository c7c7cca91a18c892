/**
 * Packet captures as files: what tcpdump wrote, and what SIPp plays.
 *
 * <p>Job: read the UDP datagrams of a pcap or pcapng file, write a pcap of datagrams. Way in:
 * {@link io.tandem.protocol.media.capture.PcapReader}, {@link
 * io.tandem.protocol.media.capture.PcapWriter}. Neighbours: {@code rtp} reads the payloads, tests
 * and tools compare them with what was sent.
 */
@NullMarked
package io.tandem.protocol.media.capture;

import org.jspecify.annotations.NullMarked;
