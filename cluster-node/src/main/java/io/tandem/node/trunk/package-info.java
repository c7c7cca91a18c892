/**
 * What a trunk does: its commands, its replies and its pure rules.
 *
 * <p>Way in: the sealed command interface, then the rules, read top to bottom. Neighbours: events
 * and state in {@code persistence} under the same noun; {@code entity} runs the rules; nothing here
 * knows an edge, HTTP, Akka or SQL.
 */
@NullMarked
package io.tandem.node.trunk;

import org.jspecify.annotations.NullMarked;
