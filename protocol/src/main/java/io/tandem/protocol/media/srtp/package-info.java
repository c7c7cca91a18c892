/**
 * SRTP: what protects the voice of a leg on the wire (RFC 3711, 6188, 7714).
 *
 * <p>Job: seal and open RTP and RTCP packets in place with keys that the signalling or a DTLS
 * handshake agreed. Way in: {@link io.tandem.protocol.media.srtp.SrtpKeys}, then {@link
 * io.tandem.protocol.media.srtp.SrtpSealer} for what goes out and {@link
 * io.tandem.protocol.media.srtp.SrtpOpener} for what comes in. Neighbours: {@code sip.sdp} and
 * {@code dtls} agree the keys, {@code relay} carries the packets. The ciphers are the JDK's (ADR
 * 0009).
 */
@NullMarked
package io.tandem.protocol.media.srtp;

import org.jspecify.annotations.NullMarked;
