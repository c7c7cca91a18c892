/**
 * The log of what befell the doors: its commands, its replies and its pure rules; and how much is
 * told to it, however much happens (ACC-8, TEL-9).
 *
 * <p>Way in: the sealed command interface, then the rules; {@link
 * io.tandem.node.security.SecurityDesk} is whom front ends tell, {@link
 * io.tandem.node.security.Sightings} its bound. Neighbours: events and state in {@code persistence}
 * under the same noun; {@code entity} runs the rules; {@code edge} and {@code http} tell.
 */
@NullMarked
package io.tandem.node.security;

import org.jspecify.annotations.NullMarked;
