/**
 * An agent's events and state: what it may take, what it took, how that ended, its cooldowns
 * (MKT-2, MKT-10, COOL-1..4).
 *
 * <p>Way in: the sealed event interface and the state record with its total {@code apply}.
 * Neighbours: {@code journal} stores the events; the node's package of the same noun decides them;
 * {@code audit} folds them again.
 */
@NullMarked
package io.tandem.persistence.agent;

import org.jspecify.annotations.NullMarked;
