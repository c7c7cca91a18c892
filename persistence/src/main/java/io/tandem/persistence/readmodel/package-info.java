/**
 * The journal read in order, and what is made of it to be looked up: deadlines, views, call
 * records.
 *
 * <p>Way in: {@link io.tandem.persistence.readmodel.JournalFeed} reads, {@link
 * io.tandem.persistence.readmodel.Projector} writes the tables, one query class a table reads them.
 * Neighbours: {@code journal} gives envelopes and codec, {@code database} the connections; jobs and
 * HTTP of the node are the users.
 */
@NullMarked
package io.tandem.persistence.readmodel;

import org.jspecify.annotations.NullMarked;
