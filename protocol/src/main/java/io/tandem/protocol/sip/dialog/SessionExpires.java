package io.tandem.protocol.sip.dialog;

import io.tandem.protocol.sip.message.SipMessage;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The value of a Session-Expires header (RFC 4028 section 4): {@code 1800;refresher=uac}.
 *
 * @param seconds how long the session lives without a refresh
 * @param refresher who refreshes it, by the roles in the transaction that carries the header; null
 *     where the sender leaves it to the other side
 */
public record SessionExpires(long seconds, @Nullable Refresher refresher) {

  /** The header's name. */
  public static final String HEADER = "Session-Expires";

  /** Who refreshes: the client or the server of the transaction. */
  public enum Refresher {
    UAC,
    UAS
  }

  /** The header of a message; empty without one, or with one that cannot be read. */
  public static Optional<SessionExpires> of(SipMessage message) {
    String text = message.header(HEADER);
    if (text == null) {
      return Optional.empty();
    }
    String[] parts = text.split(";", -1);
    long seconds = seconds(parts[0]);
    if (seconds < 0) {
      return Optional.empty();
    }
    Refresher refresher = null;
    for (int i = 1; i < parts.length; i++) {
      String param = parts[i].replaceAll("\\s", "").toLowerCase(Locale.ROOT);
      if (param.equals("refresher=uac")) {
        refresher = Refresher.UAC;
      } else if (param.equals("refresher=uas")) {
        refresher = Refresher.UAS;
      }
    }
    return Optional.of(new SessionExpires(seconds, refresher));
  }

  /** Delta-seconds before parameters, as in Session-Expires and Min-SE; -1 where there are none. */
  static long seconds(@Nullable String text) {
    if (text == null) {
      return -1;
    }
    int semicolon = text.indexOf(';');
    String digits = (semicolon < 0 ? text : text.substring(0, semicolon)).strip();
    boolean readable =
        !digits.isEmpty()
            && digits.length() <= 10
            && digits.chars().allMatch(c -> c >= '0' && c <= '9');
    return readable ? Long.parseLong(digits) : -1;
  }

  /** As it is written. */
  public String value() {
    return refresher == null
        ? Long.toString(seconds)
        : seconds + ";refresher=" + refresher.name().toLowerCase(Locale.ROOT);
  }
}
