/**
 * {@code tandem audit}: questions to a journal, answered without a node, and without writing
 * anything.
 *
 * <p>Way in: {@link io.tandem.ops.audit.AuditCommand}; {@link io.tandem.ops.audit.OpenJournal}
 * opens what it asks. Neighbours: {@code io.tandem.persistence.audit} has the answers, {@code
 * ladder} draws a call.
 */
@NullMarked
package io.tandem.ops.audit;

import org.jspecify.annotations.NullMarked;
