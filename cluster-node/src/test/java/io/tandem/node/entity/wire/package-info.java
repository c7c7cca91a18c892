/**
 * What hosts store and send, byte for byte: the golden files hold it so that a rolling update can
 * be read from both sides.
 *
 * <p>Way in: {@link io.tandem.node.entity.wire.HostWireTest}. Neighbours: {@code entity.wire},
 * which is under test, and {@code entity.tally}, whose records are carried.
 */
@NullMarked
package io.tandem.node.entity.wire;

import org.jspecify.annotations.NullMarked;
