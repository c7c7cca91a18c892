/**
 * Voice codecs: samples in, octets out, and back.
 *
 * <p>Job: G.711, G.722, Opus and L16 behind one door, with concealment of lost packets; comfort
 * noise; change of the sample rate. No clocks, no sockets; but for Opus in Java nothing is
 * allocated on a packet. Way in: {@link io.tandem.protocol.media.codec.VoiceCodec}. Neighbours:
 * {@code voice} decodes and encodes legs with it, {@code playout} and {@code record} files; the
 * relay never decodes.
 */
@NullMarked
package io.tandem.protocol.media.codec;

import org.jspecify.annotations.NullMarked;
