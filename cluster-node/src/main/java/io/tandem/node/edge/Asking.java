package io.tandem.node.edge;

import io.tandem.protocol.sip.dialog.Dialog;
import io.tandem.protocol.sip.message.SipRequest;
import io.tandem.protocol.sip.sdp.Sdp;
import io.tandem.protocol.sip.transaction.ServerTransactionId;
import io.tandem.protocol.sip.transport.Flow;
import org.jspecify.annotations.Nullable;

/**
 * A caller's INVITE.
 *
 * @param subject whom it is about
 * @param offer null when the caller leaves the offer to the phone
 */
record Asking(
    ServerTransactionId transaction,
    SipRequest invite,
    Flow flow,
    String subject,
    Dialog early,
    @Nullable Sdp offer) {}
