/**
 * The security of one leg's media: what its descriptions agree and what its packets go through.
 *
 * <p>Job: plain RTP, SDES or DTLS-SRTP for each leg on its own, so that one may be secure and the
 * other plain. Way in: {@link io.tandem.protocol.media.secure.LegSecurity} negotiates on the edge's
 * loop; {@link io.tandem.protocol.media.secure.LegGuard} stands between a relay's leg and its wire.
 * Neighbours: {@code srtp}, {@code ice}, {@code dtls} do the work, {@code relay} carries the
 * packets, {@code sip.sdp} the descriptions.
 */
@NullMarked
package io.tandem.protocol.media.secure;

import org.jspecify.annotations.NullMarked;
