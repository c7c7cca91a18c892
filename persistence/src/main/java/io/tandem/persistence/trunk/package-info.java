/**
 * A trunk's events and state: where a carrier is reached, how it is known, and the calls its limits
 * admitted.
 *
 * <p>Way in: the sealed event interface and the state record with its total {@code apply}.
 * Neighbours: {@code journal} stores the events; the node's package of the same noun decides them;
 * {@code audit} folds them again.
 */
@NullMarked
package io.tandem.persistence.trunk;

import org.jspecify.annotations.NullMarked;
