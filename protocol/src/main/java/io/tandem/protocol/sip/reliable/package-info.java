/**
 * Provisional responses that arrive (RFC 3262): numbered, repeated until their PRACK is here, and
 * taken in their order.
 *
 * <p>Way in: {@link io.tandem.protocol.sip.reliable.ReliableProvisionals} for who was called,
 * {@link io.tandem.protocol.sip.reliable.ReliableReceipt} for who calls; both pure but for the
 * first one's timers.
 *
 * <p>Stands on {@code sip.message} and {@code sip.transaction.fsm}'s timers; the edge and the user
 * agent send what comes of it.
 */
@NullMarked
package io.tandem.protocol.sip.reliable;

import org.jspecify.annotations.NullMarked;
