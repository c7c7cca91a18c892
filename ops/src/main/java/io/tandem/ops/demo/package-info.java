/**
 * {@code tandem demo}: one whole billed call on this machine, shown and checked.
 *
 * <p>Way in: {@link io.tandem.ops.demo.DemoCommand}. It starts a node, sets up a market over HTTP,
 * has two phones of ours call through it with sound, and asks the journal what happened.
 * Neighbours: {@code phone}, {@code api}, {@code ladder}, {@code audit}.
 */
@NullMarked
package io.tandem.ops.demo;

import org.jspecify.annotations.NullMarked;
