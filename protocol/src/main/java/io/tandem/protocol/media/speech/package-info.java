/**
 * Sound of text.
 *
 * <p>Job: a door for voices, the one that is built in, espeak-ng where it is installed, a provider
 * over HTTP, and a bounded store of what was spoken. Way in: {@link
 * io.tandem.protocol.media.speech.SpokenTexts}. Neighbours: {@code playout} plays what comes out.
 */
@NullMarked
package io.tandem.protocol.media.speech;

import org.jspecify.annotations.NullMarked;
