package io.tandem.protocol.sip.sdp;

import java.util.Optional;

/**
 * A {@code c=} line's value (RFC 8866 5.7).
 *
 * @param addressType IP4 or IP6
 * @param address a literal or a name; a multicast suffix is kept
 */
public record Connection(String addressType, String address) {

  /** For a literal: IP6 when it has a colon, brackets taken off. */
  public static Connection of(String address) {
    String bare =
        address.startsWith("[") && address.endsWith("]")
            ? address.substring(1, address.length() - 1)
            : address;
    return new Connection(bare.indexOf(':') >= 0 ? "IP6" : "IP4", bare);
  }

  static Optional<Connection> parse(String value) {
    String[] words = value.split(" ", -1);
    boolean sound =
        words.length == 3
            && words[0].equals("IN")
            && (words[1].equals("IP4") || words[1].equals("IP6"))
            && isAddress(words[2]);
    return sound ? Optional.of(new Connection(words[1], words[2])) : Optional.empty();
  }

  static boolean isAddress(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c >= 128 || (!Character.isLetterOrDigit(c) && ".:-/_%".indexOf(c) < 0)) {
        return false;
      }
    }
    return !text.isEmpty() && text.length() <= 255;
  }

  /** The old way to hold: nothing can be sent to this address (RFC 3264 8.4). */
  public boolean isHold() {
    return address.equals("0.0.0.0") || address.equals("::");
  }

  /** The value of the line. */
  public String value() {
    return "IN " + addressType + ' ' + address;
  }
}
