/**
 * Whole nodes in processes of their own, killed and started again, with SIPp and phones of ours
 * around them.
 *
 * <p>Way in: the tests; {@link io.tandem.ops.system.NodeProcess} starts a node, {@link
 * io.tandem.ops.system.Books} reads what it journaled. Neighbours: {@code io.tandem.node.boot},
 * {@code io.tandem.protocol.sip.ua}, {@code io.tandem.persistence.audit}.
 */
@NullMarked
package io.tandem.ops.system;

import org.jspecify.annotations.NullMarked;
