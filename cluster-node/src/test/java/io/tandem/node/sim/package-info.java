/**
 * A seeded simulator of the whole chain of a call: the real rules of call, wallet, agent and
 * campaign, run on one virtual queue of time, with messages lost, doubled and late, and entities
 * and edges that die at every point.
 *
 * <p>Way in: {@code Scenario} builds a world from a seed; {@code Auditor} says what must hold once
 * it is quiet. Neighbours: {@code entity} (the rules' contract; the simulator hosts it as the
 * node's host does).
 */
@NullMarked
package io.tandem.node.sim;

import org.jspecify.annotations.NullMarked;
