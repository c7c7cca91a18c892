/**
 * Opening a database: migrated to this build's schema, refused if it is of a newer one, pooled.
 *
 * <p>Way in: {@link io.tandem.persistence.database.Database#open}. PostgreSQL for clusters, H2 in a
 * file for one machine; {@link io.tandem.persistence.database.Dialect} holds what differs in SQL.
 * Neighbours: {@code journal.keys}, {@code readmodel} and {@code audit} run their statements here.
 */
@NullMarked
package io.tandem.persistence.database;

import org.jspecify.annotations.NullMarked;
