/**
 * The one way to write an entity, and the host that runs it.
 *
 * <p>Way in: {@link io.tandem.node.entity.Rules} (pure) and {@code EntityHost} (the only place that
 * knows Akka persistence). A noun gives sealed commands, replies and events, an immutable state and
 * its rules; the host gives sharding, the journal, replies after the write, effects until
 * acknowledged, deadlines and passivation. Neighbours: every noun's package; {@code edge} and
 * {@code http} call through {@code EntityGateway}.
 */
@NullMarked
package io.tandem.node.entity;

import org.jspecify.annotations.NullMarked;
