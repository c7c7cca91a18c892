/**
 * A stranger's check of an exported slice: one class that needs the JDK and nothing else of this
 * house, so that it can be read in a sitting and run anywhere.
 *
 * <p>Way in: {@link io.tandem.ops.proof.CheckProof}. Neighbours: {@code audit} exports what is
 * checked here and offers the same check as a command.
 */
@NullMarked
package io.tandem.ops.proof;

import org.jspecify.annotations.NullMarked;
