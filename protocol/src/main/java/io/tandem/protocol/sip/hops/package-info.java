/**
 * Requests that come round again: hops and breadth that are used up (RFC 3261 16.3, RFC 5393), our
 * own Via on the way, and the same two numbers again and again (TEL-9).
 *
 * <p>Way in: {@link io.tandem.protocol.sip.hops.Hops} for one request, {@link
 * io.tandem.protocol.sip.hops.Recurrence} for what has no Via to be known by. Pure; the edge asks
 * both before it takes a call. {@link io.tandem.protocol.sip.hops.History} tells the next one which
 * way a call came (RFC 7044).
 */
@NullMarked
package io.tandem.protocol.sip.hops;

import org.jspecify.annotations.NullMarked;
