/**
 * Listening in by law (CMP-7): which orders stand, and the store of their own that what was heard
 * goes to, sealed with keys of the case.
 *
 * <p>Way in: {@link io.tandem.node.intercept.InterceptDesk}; {@link
 * io.tandem.node.intercept.CaseStore} has the files. Neighbours: orders and trail are in {@code
 * persistence.privacy}; {@code edge.voice} taps the calls; {@code ops.privacy} gives out what is
 * here. No tenant's event, record, list or file has anything of it.
 */
@NullMarked
package io.tandem.node.intercept;

import org.jspecify.annotations.NullMarked;
