/**
 * A client of the node's own HTTP interface, as a tenant's program would have one.
 *
 * <p>Way in: {@link io.tandem.ops.api.Api} for requests, {@link io.tandem.ops.api.Market} to set up
 * a small market with it. Neighbours: the demo and the benchmarks provision with it; the interface
 * itself is described in the OpenAPI document that a node serves.
 */
@NullMarked
package io.tandem.ops.api;

import org.jspecify.annotations.NullMarked;
