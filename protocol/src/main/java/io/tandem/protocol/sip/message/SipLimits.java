package io.tandem.protocol.sip.message;

/**
 * What is refused before any grammar looks at it: the work for a message stays linear in its size.
 *
 * @param messageBytes whole message, body included
 * @param headerCount header values, lists counted by their members
 * @param lineBytes one unfolded header or start line
 */
public record SipLimits(int messageBytes, int headerCount, int lineBytes) {
  public static final SipLimits DEFAULT = new SipLimits(65_535, 200, 8_192);
}
