/**
 * What rooms cost, measured without sockets.
 *
 * <p>Job: drives the voice path of many rooms beat by beat and counts CPU and garbage. Way in:
 * {@link io.tandem.protocol.media.bench.MixLoad}. Neighbours: {@code voice} and {@code mix}, which
 * it drives; the bench command in {@code ops}, which shows the figures.
 */
@NullMarked
package io.tandem.protocol.media.bench;

import org.jspecify.annotations.NullMarked;
