/**
 * What a webhook does: its commands, its replies and its pure rules; how long telling is tried
 * again, and which addresses are nobody's business.
 *
 * <p>Way in: the sealed command interface, then the rules, read top to bottom. Neighbours: events
 * and state in {@code persistence} under the same noun; {@code entity} runs the rules; {@code job}
 * sends. Nothing here knows an edge, HTTP, Akka or SQL.
 */
@NullMarked
package io.tandem.node.webhook;

import org.jspecify.annotations.NullMarked;
