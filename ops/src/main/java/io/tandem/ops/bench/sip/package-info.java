/**
 * What the SIP part alone costs: {@code tandem bench sip}.
 *
 * <p>Way in: {@link io.tandem.ops.bench.sip.SipBench}, which drives {@link
 * io.tandem.ops.bench.sip.BackToBack} (our transport, transactions, dialogs and digest, with a call
 * script in memory and no journal) and Kamailio, one after the other, with SIPp. Neighbours: {@code
 * bench.call} measures a whole billed call.
 */
@NullMarked
package io.tandem.ops.bench.sip;

import org.jspecify.annotations.NullMarked;
