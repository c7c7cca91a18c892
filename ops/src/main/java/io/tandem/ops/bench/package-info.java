/**
 * Benchmarks that anybody can repeat: each runs against a peer in the same run and prints both.
 *
 * <p>Way in: {@link io.tandem.ops.bench.BenchCommand}, {@code tandem bench}. Figures of a run are
 * only compared with those of the same run. Neighbours: {@code node.boot} starts what is measured;
 * {@code docs/benchmarks.md} keeps what was measured.
 */
@NullMarked
package io.tandem.ops.bench;

import org.jspecify.annotations.NullMarked;
