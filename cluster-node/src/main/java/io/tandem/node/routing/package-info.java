/**
 * Who is rung for a call, in which order, and why (MKT-2, MKT-3, MKT-5): pure, over a copy of what
 * agents and wallets are.
 *
 * <p>Way in: {@link io.tandem.node.routing.Routing#plan} and {@link
 * io.tandem.node.routing.CallerStates}. The plan is a proposal: agent, wallet and campaign decide
 * when the call asks them. Neighbours: {@code agent} owns the checks of MKT-2, {@code call} follows
 * the plan, {@code edge} brings the snapshot.
 */
@NullMarked
package io.tandem.node.routing;

import org.jspecify.annotations.NullMarked;
