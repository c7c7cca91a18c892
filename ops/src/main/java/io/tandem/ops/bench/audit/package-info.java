/**
 * What an auditor waits for: a journal of millions of events, verified, folded, balanced and run
 * again under other terms, from PostgreSQL.
 *
 * <p>Way in: {@link io.tandem.ops.bench.audit.AuditBench}; the journal is made by {@link
 * io.tandem.ops.bench.audit.MadeUpMonth} through the rules themselves and filled in by {@link
 * io.tandem.ops.bench.audit.BulkWriter}. Neighbours: {@code persistence.audit} and {@code
 * ops.whatif}, which are measured.
 */
@NullMarked
package io.tandem.ops.bench.audit;

import org.jspecify.annotations.NullMarked;
