/**
 * An account's events and state: a company with its API tokens.
 *
 * <p>Way in: the sealed event interface and the state record with its total {@code apply}.
 * Neighbours: {@code journal} stores the events; the node's package of the same noun decides them;
 * {@code audit} folds them again.
 */
@NullMarked
package io.tandem.persistence.account;

import org.jspecify.annotations.NullMarked;
