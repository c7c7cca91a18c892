/**
 * The four SIP transaction machines of RFC 3261 section 17 with the Accepted state of RFC 6026, and
 * the retransmitter of 2xx responses of section 13.3.1.4, as pure functions: {@code step(state,
 * input) -> (state, outputs)}.
 *
 * <p>Way in: a {@link io.tandem.protocol.sip.transaction.fsm.TransactionMachine}, made for one
 * transport kind and one set of {@link io.tandem.protocol.sip.transaction.fsm.SipTimers}; it is
 * immutable and shared by all transactions.
 *
 * <p>No message, socket or clock is known here; {@code io.tandem.protocol.sip.transaction} carries
 * the outputs out.
 */
@NullMarked
package io.tandem.protocol.sip.transaction.fsm;

import org.jspecify.annotations.NullMarked;
