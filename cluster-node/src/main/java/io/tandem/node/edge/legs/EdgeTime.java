package io.tandem.node.edge.legs;

import java.time.Instant;

/**
 * A moment on an edge: the monotonic clock, which measures connected time (QT-3, QT-5), and the
 * wall clock, which only names it.
 *
 * @param nanos monotonic nanoseconds of this edge; only differences mean anything
 * @param wall what the wall clock says; it may step
 */
public record EdgeTime(long nanos, Instant wall) {}
