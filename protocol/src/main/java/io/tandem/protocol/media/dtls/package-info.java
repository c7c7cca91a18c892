/**
 * DTLS-SRTP: agrees the keys of a leg on its own path (RFC 5763, 5764).
 *
 * <p>Job: a handshake with a peer whose certificate's fingerprint the signalling carried, and the
 * SRTP keys from it. Way in: {@link io.tandem.protocol.media.dtls.DtlsAssociation}; a node has one
 * {@link io.tandem.protocol.media.dtls.DtlsIdentity}. Handshakes run on virtual threads, never on a
 * media loop. Neighbours: {@code secure} feeds it datagrams from proven sources only; {@code srtp}
 * takes the keys. The protocol itself is BouncyCastle's.
 */
@NullMarked
package io.tandem.protocol.media.dtls;

import org.jspecify.annotations.NullMarked;
