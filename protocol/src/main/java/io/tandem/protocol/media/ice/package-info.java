/**
 * STUN and ICE-lite: proves that a source of media is who the signalling spoke to (RFC 8489, 8445).
 *
 * <p>Job: read and write STUN messages; answer connectivity checks and remember which sources
 * proved themselves and which one the other side chose. Way in: {@link
 * io.tandem.protocol.media.ice.IceLite}. Pure: datagrams, addresses and the time come in, an answer
 * goes out. Neighbours: {@code secure} owns one for each leg that speaks ICE; {@code sip.sdp}
 * writes its credentials.
 */
@NullMarked
package io.tandem.protocol.media.ice;

import org.jspecify.annotations.NullMarked;
