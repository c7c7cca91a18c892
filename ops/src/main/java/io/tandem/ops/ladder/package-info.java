/**
 * A call drawn as a ladder: who said what to whom and when, with the timer and the money between
 * the rungs.
 *
 * <p>Way in: {@link io.tandem.ops.ladder.Ladder} draws entries; {@link
 * io.tandem.ops.ladder.CallStory} takes them from a journal and {@link
 * io.tandem.ops.ladder.Overheard} from the wire. Neighbours: the demo and {@code tandem audit
 * ladder} show them.
 */
@NullMarked
package io.tandem.ops.ladder;

import org.jspecify.annotations.NullMarked;
