/**
 * The two sides of a call as the edge carries them, purely: who rings, who answered first, since
 * when they are connected, who ended.
 *
 * <p>Way in: {@link io.tandem.node.edge.legs.Legs}, {@code (state, input, now) → step}. No message,
 * socket, actor or clock is here; the edge turns inputs from SIP into {@link
 * io.tandem.node.edge.legs.LegInput} and carries {@link io.tandem.node.edge.legs.LegOutput} out.
 * Neighbours: {@code edge} runs it; {@code call} decides what it attests.
 */
@NullMarked
package io.tandem.node.edge.legs;

import org.jspecify.annotations.NullMarked;
