/**
 * Voice codecs: samples in, octets out, and back.
 *
 * <p>Job: exact, table-driven conversions without state or allocation. Way in: {@link
 * io.tandem.protocol.media.codec.G711}. Neighbours: {@code playout} makes and judges tones with it;
 * the relay never decodes.
 */
@NullMarked
package io.tandem.protocol.media.codec;

import org.jspecify.annotations.NullMarked;
