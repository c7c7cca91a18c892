package io.tandem.protocol.sip.transport;

import io.tandem.protocol.sip.message.ParseOutcome;
import io.tandem.protocol.sip.message.SipParser;
import io.tandem.protocol.sip.message.SipRequest;
import java.nio.charset.StandardCharsets;

/** Messages for tests of the wire. */
public final class Samples {
  private Samples() {}

  /** A BYE. */
  public static SipRequest bye() {
    byte[] bytes = request("BYE", "Content-Length", "").getBytes(StandardCharsets.UTF_8);
    return (SipRequest) ((ParseOutcome.Good) new SipParser().parse(bytes)).message();
  }

  /** A request with a body and this spelling of Content-Length; "c" for the compact form. */
  public static String request(String method, String lengthName, String body) {
    return """
    %s sip:bob@example.com SIP/2.0
    Via: SIP/2.0/TCP 192.0.2.1:5060;branch=z9hG4bK%s
    From: <sip:alice@example.com>;tag=1
    To: <sip:bob@example.com>
    Call-ID: c1
    CSeq: 1 %s
    Content-Type: application/sdp
    %s: %d

    """
            .replace("\n", "\r\n")
            .formatted(
                method, method, method, lengthName.equals("c") ? "l" : lengthName, body.length())
        + body;
  }
}
