package io.tandem.protocol.sip.refer;

import io.tandem.protocol.sip.message.SipResponse;
import java.nio.charset.StandardCharsets;

/** The body of a NOTIFY about a transfer: a status line (RFC 3420, RFC 3515 section 2.4.5). */
public final class SipFrag {

  /** The body's type. */
  public static final String CONTENT_TYPE = "message/sipfrag;version=2.0";

  private SipFrag() {}

  /** How far the referred call is. */
  public static byte[] of(int status) {
    return ("SIP/2.0 " + status + " " + SipResponse.reasonOf(status) + "\r\n")
        .getBytes(StandardCharsets.US_ASCII);
  }
}
