/**
 * Recordings of calls, written while the call goes on.
 *
 * <p>Job: stereo WAV or Ogg/Opus, plain or encrypted in chunks, readable up to its last second
 * after a kill, with the hash of the whole. Way in: {@link
 * io.tandem.protocol.media.record.StereoRecording}; {@link
 * io.tandem.protocol.media.record.SealedStore} reads what was sealed. Neighbours: {@code voice}
 * feeds it from a member's ear and mouth.
 */
@NullMarked
package io.tandem.protocol.media.record;

import org.jspecify.annotations.NullMarked;
