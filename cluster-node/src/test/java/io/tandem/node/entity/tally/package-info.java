/**
 * The host's own contract noun: a tally that adds up, keeps what it was told, passes amounts on,
 * lights lamps and reminds.
 *
 * <p>Way in: {@link io.tandem.node.entity.tally.Tally#TYPE}. Small on purpose, with one command for
 * each thing a host must do. Neighbours: the tests of {@code entity.host}.
 */
@NullMarked
package io.tandem.node.entity.tally;

import org.jspecify.annotations.NullMarked;
