/**
 * The way to PostgreSQL and back: rows of the journal and of snapshots, many a transaction as
 * arrays, and single histories read again.
 *
 * <p>Way in: {@link io.tandem.persistence.journal.rows.WriteLanes#write}; what waits is taken by a
 * few lanes, each with a connection of its own, and stored with one statement ({@link
 * io.tandem.persistence.journal.rows.EventRows}). A row that the database refuses costs its own
 * write alone. Back: {@link io.tandem.persistence.journal.rows.EventReads}. Neighbours: {@code
 * node.entity.wire} makes rows of what hosts store, and the other way round; {@code readmodel}
 * reads them.
 */
@NullMarked
package io.tandem.persistence.journal.rows;

import org.jspecify.annotations.NullMarked;
