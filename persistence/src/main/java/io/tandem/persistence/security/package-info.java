/**
 * What befell the doors: bans, failed logins, calls that came round again, and what was done with
 * persons' data, as events of a log per account and day, or the platform's (ACC-8, TEL-9, AUD-1).
 *
 * <p>Way in: the sealed event interface and the state record with its total {@code apply}.
 * Neighbours: {@code journal} stores the events; the node's package of the same noun decides them
 * and bounds how many there are; {@code readmodel} lists them; {@code audit} folds them again.
 */
@NullMarked
package io.tandem.persistence.security;

import org.jspecify.annotations.NullMarked;
