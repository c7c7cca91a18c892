/**
 * Whole nodes in this process, met through SIP, RTP, HTTP and the journal.
 *
 * <p>Way in: {@link io.tandem.node.system.Market}, which provisions a node, and {@link
 * io.tandem.node.system.Telephones}, which calls it.
 */
@NullMarked
package io.tandem.node.system;

import org.jspecify.annotations.NullMarked;
