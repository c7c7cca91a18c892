package io.tandem.protocol.sip.dialog;

import io.tandem.protocol.sip.message.SipRequest;
import io.tandem.protocol.sip.message.SipResponse;
import java.util.Optional;

/**
 * What identifies a dialog at one of its ends (RFC 3261 12).
 *
 * @param remoteTag empty for a peer of RFC 2543 that has none
 */
public record DialogId(String callId, String localTag, String remoteTag) {

  /** The dialog a received request belongs to; empty outside any, that is, without a To tag. */
  public static Optional<DialogId> of(SipRequest received) {
    String localTag = received.toTag();
    return localTag == null
        ? Optional.empty()
        : Optional.of(new DialogId(received.callId(), localTag, received.fromTag()));
  }

  /** The dialog a received response belongs to; empty for one without a To tag. */
  public static Optional<DialogId> of(SipResponse received) {
    String remoteTag = received.toTag();
    return remoteTag == null
        ? Optional.empty()
        : Optional.of(new DialogId(received.callId(), received.fromTag(), remoteTag));
  }
}
