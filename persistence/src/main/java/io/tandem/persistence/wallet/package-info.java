/**
 * A wallet's events and state: prepaid money of one account in one currency, its holds and
 * movements (WAL-1..3, WAL-5).
 *
 * <p>Way in: the sealed event interface and the state record with its total {@code apply}.
 * Neighbours: {@code journal} stores the events; the node's package of the same noun decides them;
 * {@code audit} folds them again.
 */
@NullMarked
package io.tandem.persistence.wallet;

import org.jspecify.annotations.NullMarked;
