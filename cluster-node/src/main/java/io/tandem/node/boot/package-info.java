/**
 * How a node starts and stops: typed configuration, the order of the parts, health, and the drain.
 *
 * <p>Way in: {@link io.tandem.node.boot.Node}, which the command {@code tandem run} and the tests
 * start with {@link io.tandem.node.boot.Settings}. Neighbours: everything is started from here and
 * knows nothing of here.
 */
@NullMarked
package io.tandem.node.boot;

import org.jspecify.annotations.NullMarked;
