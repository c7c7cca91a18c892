/**
 * The transaction layer: matches messages to transactions (RFC 3261 17.1.3, 17.2.3), runs their
 * machines, keeps their timers, and speaks to the transaction user (TU) in requests, responses and
 * named failures.
 *
 * <p>Way in: {@link io.tandem.protocol.sip.transaction.TransactionLayer}; way out: {@code
 * TransactionUser}.
 *
 * <p>Neighbours: the rules are in {@code transaction.fsm}, sockets in {@code sip.transport},
 * messages in {@code sip.message}; dialogs are the TU's.
 */
@NullMarked
package io.tandem.protocol.sip.transaction;

import org.jspecify.annotations.NullMarked;
