/**
 * What happens to the voice of a call on this edge beyond relaying: which codecs its sides share,
 * and who is transcoded, played to or recorded.
 *
 * <p>Way in: {@link io.tandem.node.edge.voice.CodecMatch} (pure: offers and answers), {@link
 * io.tandem.node.edge.voice.CallVoice}, one a call. Neighbours: {@code protocol.media.voice} does
 * the work; {@code edge} says what was agreed.
 */
@NullMarked
package io.tandem.node.edge.voice;

import org.jspecify.annotations.NullMarked;
