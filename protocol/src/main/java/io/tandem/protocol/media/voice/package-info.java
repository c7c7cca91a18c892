/**
 * The voice path: legs that need more than relaying.
 *
 * <p>Job: decode, order, mix, play, record, hear keys, encode. A packet's way: {@code relay →
 * {@link io.tandem.protocol.media.voice.VoiceLeg} → {@link
 * io.tandem.protocol.media.voice.VoiceRoom} → legs → relay}. Way in: {@code VoiceRoom}, beaten by a
 * {@link io.tandem.protocol.media.voice.VoiceLoop}. Neighbours: {@code codec}, {@code jitter},
 * {@code dtmf}, {@code mix}, {@code record}, {@code playout}; the node's edge commands it.
 */
@NullMarked
package io.tandem.protocol.media.voice;

import org.jspecify.annotations.NullMarked;
