package io.tandem.node.edge.dialog;

import io.tandem.protocol.sip.message.HeaderName;
import io.tandem.protocol.sip.message.SipMessage;
import io.tandem.protocol.sip.message.SipResponse;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Why somebody left, as the other side of the call is told it (RFC 3326): protocols and causes pass
 * as they are, one of each protocol, and what was written for people does not, for it is a
 * stranger's text. Pure.
 */
public final class Farewell {
  /** What a phone notes no missed call for. */
  public static final String ELSEWHERE = reason(200, "Call completed elsewhere");

  /** Nobody waits any more. */
  public static final String STOPPED = reason(487, "stopped ringing");

  private static final int PROTOCOLS_MAX = 3;
  private static final int PROTOCOL_CHARS_MAX = 16;
  private static final String CAUSE = "cause=";

  private Farewell() {}

  /** What the Reason headers of a BYE or CANCEL say that may be passed on; empty for nothing. */
  public static String passedOn(SipMessage message) {
    Map<String, String> causes = new LinkedHashMap<>();
    for (String header : message.headers().all(HeaderName.REASON)) {
      for (String value : split(header, ',')) {
        List<String> parts = split(value, ';');
        String protocol = parts.getFirst().toUpperCase(Locale.ROOT);
        String cause = cause(parts);
        if (isProtocol(protocol) && !cause.isEmpty() && causes.size() < PROTOCOLS_MAX) {
          causes.putIfAbsent(protocol, cause);
        }
      }
    }
    List<String> values = new ArrayList<>(causes.size());
    causes.forEach((protocol, cause) -> values.add(said(protocol, cause)));
    return String.join(", ", values);
  }

  /** Phones look for the words as well as for the number. */
  private static String said(String protocol, String cause) {
    return protocol.equals("SIP") && cause.equals("200")
        ? ELSEWHERE
        : protocol + " ;cause=" + cause;
  }

  private static boolean isProtocol(String name) {
    return !name.isEmpty()
        && name.length() <= PROTOCOL_CHARS_MAX
        && name.chars().allMatch(c -> (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.');
  }

  private static String cause(List<String> parts) {
    for (String part : parts) {
      String plain = part.replace(" ", "").toLowerCase(Locale.ROOT);
      String digits = plain.startsWith(CAUSE) ? plain.substring(CAUSE.length()) : "";
      if (!digits.isEmpty()
          && digits.length() <= 3
          && digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
        return digits;
      }
    }
    return "";
  }

  /** In quotes nothing separates. */
  private static List<String> split(String text, char separator) {
    List<String> parts = new ArrayList<>(3);
    boolean quoted = false;
    int from = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (quoted && c == '\\') {
        i++;
      } else if (c == '"') {
        quoted = !quoted;
      } else if (c == separator && !quoted) {
        parts.add(text.substring(from, i).strip());
        from = i + 1;
      }
    }
    parts.add(text.substring(from).strip());
    return parts;
  }

  /**
   * A refusal with our reason, and what a phone said of itself where that is no SIP status: there
   * is one of each protocol (RFC 3326 section 2).
   */
  public static SipResponse refusal(SipResponse no, String ours, String phones) {
    SipResponse said = no.with(HeaderName.REASON, ours);
    for (String value : split(phones, ',')) {
      said =
          value.isEmpty() || value.startsWith("SIP ")
              ? said
              : said.adding(HeaderName.REASON, value);
    }
    return said;
  }

  /** A reason of ours. */
  public static String reason(int sipStatus, String text) {
    return "SIP ;cause="
        + sipStatus
        + " ;text=\""
        + text.replaceAll("[^\\x20-\\x21\\x23-\\x5b\\x5d-\\x7e]", " ")
        + '"';
  }
}
