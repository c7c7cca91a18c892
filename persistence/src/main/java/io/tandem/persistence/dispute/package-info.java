/**
 * A dispute's events and state: a customer wants the charge of one call back (DSP-1..6).
 *
 * <p>Way in: the sealed event interface and the state record with its total {@code apply}.
 * Neighbours: {@code journal} stores the events; the node's package of the same noun decides them;
 * {@code wallet} has the credit; {@code readmodel} the row it is listed by; {@code audit} folds
 * them again.
 */
@NullMarked
package io.tandem.persistence.dispute;

import org.jspecify.annotations.NullMarked;
