package io.tandem.protocol.sip.event;

import java.nio.charset.StandardCharsets;

/**
 * What waits in a mailbox (RFC 3842 section 5.2).
 *
 * @param account the mailbox, a SIP URI
 * @param fresh voice messages nobody has heard
 * @param old voice messages that were heard and kept
 */
public record MessageSummary(String account, int fresh, int old) {

  /** The body's type. */
  public static final String CONTENT_TYPE = "application/simple-message-summary";

  public MessageSummary {
    if (fresh < 0 || old < 0) {
      throw new IllegalArgumentException("there are no fewer messages than none");
    }
  }

  /** The body. */
  public byte[] body() {
    String text =
        "Messages-Waiting: "
            + (fresh > 0 ? "yes" : "no")
            + "\r\nMessage-Account: "
            + account
            + "\r\nVoice-Message: "
            + fresh
            + "/"
            + old
            + "\r\n";
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
