/**
 * {@code tandem bench call}: whole billed calls through a node of its own on PostgreSQL, and what
 * one costs.
 *
 * <p>Way in: {@link io.tandem.ops.bench.call.CallBench}. {@link io.tandem.ops.bench.call.Rig}
 * starts database and node as processes of their own, {@link io.tandem.ops.bench.call.Crowd} calls.
 * Neighbours: {@code phone} and {@code api}; the books are checked with {@code audit}.
 */
@NullMarked
package io.tandem.ops.bench.call;

import org.jspecify.annotations.NullMarked;
