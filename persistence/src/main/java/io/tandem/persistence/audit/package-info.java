/**
 * Was it right? Reads the journal alone, with no node running, and says so or names what is wrong.
 *
 * <p>Way in: {@link io.tandem.persistence.audit.Audit} lists, shows, replays, verifies and
 * balances; {@link io.tandem.persistence.audit.JournalReader} streams what it reads. Neighbours:
 * {@code journal} for chain and codec, {@code money} for postings; the command line is the user.
 */
@NullMarked
package io.tandem.persistence.audit;

import org.jspecify.annotations.NullMarked;
