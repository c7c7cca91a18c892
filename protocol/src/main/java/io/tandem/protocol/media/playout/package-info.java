/**
 * Making voice and judging it: tones, softphone media, audio files.
 *
 * <p>Job: play G.711 in 20 ms packets by somebody else's clock, record what comes back, say by
 * Fourier transform which tone it is. Way in: {@link io.tandem.protocol.media.playout.RtpEndpoint},
 * {@link io.tandem.protocol.media.playout.ToneDetector}. Neighbours: {@code codec}, {@code rtp};
 * {@code capture} reads the same voice from a packet capture.
 */
@NullMarked
package io.tandem.protocol.media.playout;

import org.jspecify.annotations.NullMarked;
