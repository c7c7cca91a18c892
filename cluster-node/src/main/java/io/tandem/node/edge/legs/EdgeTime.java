package io.tandem.node.edge.legs;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * A moment on an edge: the monotonic clock, which measures connected time (QT-3, QT-5), and the
 * wall clock, which only names it.
 *
 * @param nanos monotonic nanoseconds of this edge; only differences mean anything
 * @param wall what the wall clock says, in whole microseconds as the journal stores them, so that a
 *     fact says the same before and after it was stored; it may step
 */
public record EdgeTime(long nanos, Instant wall) {
  /** Cuts off what the journal cannot keep. */
  public EdgeTime {
    wall = wall.truncatedTo(ChronoUnit.MICROS);
  }
}
