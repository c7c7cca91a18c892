/**
 * Clocked work that belongs to no single entity: waking what is due, following the feed, sweeping
 * after dead edges.
 *
 * <p>Way in: {@link io.tandem.node.job.Daemon} runs one such work at one place of the cluster, step
 * after step. Each work is a plain class with a step. Neighbours: {@code entity.host} for the way
 * to entities; {@code persistence.readmodel} for the tables; {@code boot} starts it all.
 */
@NullMarked
package io.tandem.node.job;

import org.jspecify.annotations.NullMarked;
