/**
 * A call's events and state, from offer to end (QT-1..6, MKT-5), with the dialogs a survivor needs.
 *
 * <p>Way in: the sealed event interface and the state record with its total {@code apply}.
 * Neighbours: {@code journal} stores the events; the node's package of the same noun decides them;
 * {@code audit} folds them again.
 */
@NullMarked
package io.tandem.persistence.call;

import org.jspecify.annotations.NullMarked;
