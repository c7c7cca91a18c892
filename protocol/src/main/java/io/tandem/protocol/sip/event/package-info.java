/**
 * Subscriptions and what their notifications say (RFC 6665): the state of somebody's calls as
 * dialog-info (RFC 4235), of a mailbox as message-summary (RFC 3842); pure.
 *
 * <p>Way in: {@link io.tandem.protocol.sip.event.Subscription}, {@link
 * io.tandem.protocol.sip.event.DialogReport}, {@link io.tandem.protocol.sip.event.MessageSummary}.
 * Neighbours: {@code sip.dialog} holds the dialog of a subscription; the edge knows the calls.
 */
@NullMarked
package io.tandem.protocol.sip.event;

import org.jspecify.annotations.NullMarked;
