/**
 * Keys of a telephone, as events and as sound.
 *
 * <p>Job: hear each key once and send keys, by RFC 4733 and in-band. All pure: packets and samples
 * in, keys out, and back. Way in: {@link io.tandem.protocol.media.dtmf.EventReceiver}, {@link
 * io.tandem.protocol.media.dtmf.EventSender}, {@link
 * io.tandem.protocol.media.dtmf.KeyToneDetector}, {@link io.tandem.protocol.media.dtmf.KeyTones}.
 * Neighbours: {@code voice} carries the packets.
 */
@NullMarked
package io.tandem.protocol.media.dtmf;

import org.jspecify.annotations.NullMarked;
