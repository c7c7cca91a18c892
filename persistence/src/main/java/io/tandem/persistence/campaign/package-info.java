/**
 * A campaign's events and state: which calls it takes, how they ring agents, and its caps (MKT-3,
 * MKT-10).
 *
 * <p>Way in: the sealed event interface and the state record with its total {@code apply}.
 * Neighbours: {@code journal} stores the events; the node's package of the same noun decides them;
 * {@code audit} folds them again.
 */
@NullMarked
package io.tandem.persistence.campaign;

import org.jspecify.annotations.NullMarked;
