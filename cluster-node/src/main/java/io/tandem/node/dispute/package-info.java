/**
 * What a dispute does: its commands, its replies, its pure rules, and the calendar its deadlines
 * are counted by (DSP-1..6).
 *
 * <p>Way in: the sealed command interface, then the rules, read top to bottom. Neighbours: events
 * and state in {@code persistence} under the same noun; {@code wallet} books the credit, {@code
 * agent} forgets the call; {@code entity} runs the rules; nothing here knows an edge, HTTP, Akka or
 * SQL.
 */
@NullMarked
package io.tandem.node.dispute;

import org.jspecify.annotations.NullMarked;
