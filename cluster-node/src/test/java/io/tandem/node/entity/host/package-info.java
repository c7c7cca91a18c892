/**
 * The host under test: a real actor system and journal, one clock that stands until it is moved.
 *
 * <p>Way in: {@link io.tandem.node.entity.host.HostNode}, a node in a box; the nouns' own tests use
 * it too. Neighbours: {@code entity.tally} is the noun that is run.
 */
@NullMarked
package io.tandem.node.entity.host;

import org.jspecify.annotations.NullMarked;
