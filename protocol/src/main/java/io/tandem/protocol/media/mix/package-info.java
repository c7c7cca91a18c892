/**
 * The sound of rooms: who is heard, by whom, and how loud.
 *
 * <p>Job: N-1 mixing of seats with 8, 16 and 48 kHz in one pass, active speakers, gain, mute, hold,
 * sounds to one or all, and the sense for speech and dead air. Samples only: no codecs, no packets,
 * no clocks. Way in: {@link io.tandem.protocol.media.mix.Mixer}. Neighbours: {@code voice} brings
 * legs to the seats.
 */
@NullMarked
package io.tandem.protocol.media.mix;

import org.jspecify.annotations.NullMarked;
