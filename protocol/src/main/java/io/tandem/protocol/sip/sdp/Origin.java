package io.tandem.protocol.sip.sdp;

import java.util.Optional;

/**
 * An {@code o=} line's value (RFC 8866 5.2).
 *
 * @param sessionId digits, of any length
 * @param version digits, of any length
 */
public record Origin(
    String username, String sessionId, String version, String addressType, String address) {

  static Optional<Origin> parse(String value) {
    String[] words = value.split(" ", -1);
    boolean sound =
        words.length == 6
            && !words[0].isEmpty()
            && MediaLine.isDigits(words[1])
            && MediaLine.isDigits(words[2])
            && words[3].equals("IN")
            && (words[4].equals("IP4") || words[4].equals("IP6"))
            && Connection.isAddress(words[5]);
    return sound
        ? Optional.of(new Origin(words[0], words[1], words[2], words[4], words[5]))
        : Optional.empty();
  }

  /** The value of the line. */
  public String value() {
    return username + ' ' + sessionId + ' ' + version + " IN " + addressType + ' ' + address;
  }
}
