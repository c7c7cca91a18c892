/**
 * {@code tandem run}: a node in the foreground, until it is told to stop.
 *
 * <p>Way in: {@link io.tandem.ops.run.RunCommand}. Neighbours: {@code io.tandem.node.boot}, which
 * is the node; what keeps it from starting is told by {@link io.tandem.ops.run.Excuse}, which the
 * demo uses too.
 */
@NullMarked
package io.tandem.ops.run;

import org.jspecify.annotations.NullMarked;
