/**
 * Dialogs (RFC 3261 section 12) as plain values: what two user agents agree on, storable as it
 * stands, so that another node can speak for a leg whose edge died.
 *
 * <p>Way in: {@link io.tandem.protocol.sip.dialog.Dialog}, made from an INVITE and a response;
 * {@link io.tandem.protocol.sip.dialog.DialogId} finds the one a message belongs to.
 *
 * <p>Reads and builds {@code sip.message} values; keeps nothing itself, sends nothing. Transactions
 * are below it, the edge and the user agent above.
 */
@NullMarked
package io.tandem.protocol.sip.dialog;

import org.jspecify.annotations.NullMarked;
