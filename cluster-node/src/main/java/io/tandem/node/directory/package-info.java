/**
 * What this node knows of the cluster without asking: a copy in memory of accounts, agents,
 * verticals, campaigns, numbers, endpoints and wallets, as the read model has them, and sooner as
 * the hosts of this node have stored them.
 *
 * <p>Way in: {@link io.tandem.node.directory.Directory}. It is a moment old and only proposes: the
 * entity answers with authority, and a refusal goes back to the plan's next step. Neighbours:
 * {@code readmodel} feeds it; {@code edge}, {@code routing} and {@code http} read it.
 */
@NullMarked
package io.tandem.node.directory;

import org.jspecify.annotations.NullMarked;
