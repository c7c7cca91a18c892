/**
 * The host that runs every noun: the only place that knows Akka persistence and cluster sharding.
 *
 * <p>Way in: {@link io.tandem.node.entity.host.EntityRuntime} starts it; a {@code Deliver} travels
 * region → {@code Intake} (collects while a write is in flight) → {@code Deciding} (pure, command
 * by command) → one atomic write → replies → {@code Duties} (effects and deadline). Neighbours:
 * {@code entity} says what a noun is; {@code entity.wire} how it travels and is stored; {@code job}
 * walks what is due.
 */
@NullMarked
package io.tandem.node.entity.host;

import org.jspecify.annotations.NullMarked;
