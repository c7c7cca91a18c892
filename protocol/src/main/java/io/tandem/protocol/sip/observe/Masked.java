package io.tandem.protocol.sip.observe;

import io.tandem.protocol.sip.message.SipMessage;
import io.tandem.protocol.sip.message.SipRequest;
import io.tandem.protocol.sip.message.SipResponse;
import io.tandem.protocol.sip.message.SipUri;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Messages as they may be shown to people who look after the system, not after a caller (PRV-4):
 * without numbers but for their last four digits, user parts of URIs and display names, and without
 * secrets and keys. Where a message went stays: hosts of URIs, Via, Call-ID and the addresses of a
 * session description, without which nobody could look after anything.
 */
public final class Masked {
  private static final Pattern USER = Pattern.compile("(?i)\\b(sips?:)([^@\\s<>\"]+)@");
  private static final Pattern NUMBER =
      Pattern.compile("(?i)\\b(sips?:|tel:)(\\+?[0-9().-]*)([0-9]{4})(?=[;>?\\s,]|$)");

  /** A number, with what RFC 3966 or an older gateway puts behind it. */
  private static final Pattern DIALLED = Pattern.compile("\\+?[0-9().-]*([0-9]{4})(?:[;:].*)?");

  private static final Pattern NAMED =
      Pattern.compile(
          "(?im)^(from|f|to|t|contact|m|p-asserted-identity|p-preferred-identity|remote-party-id"
              + "|p-called-party-id|referred-by|b|r|refer-to|reply-to|diversion|history-info)"
              + "([ \\t]*:)([^\\r\\n]*)$");
  private static final Pattern NAME =
      Pattern.compile("(?:\"(?:\\\\.|[^\"\\\\])*\"|[^<>,;\":]*)[ \\t]*<");
  private static final Pattern SECRET =
      Pattern.compile(
          "(?im)^(authorization|proxy-authorization|identity|y|subject|s|organization|geolocation"
              + "|p-access-network-info)([ \\t]*:).*(\\r?\\n[ \\t].*)*$");

  /** Who made a session, what it is called, and how to reach somebody (RFC 8866). */
  private static final Pattern DESCRIBED =
      Pattern.compile("(?m)^(?:(o=)[^ \\r\\n]*|([siuep]=)[^\\r\\n]*)");

  private static final Pattern KEY =
      Pattern.compile("(?m)^(a=crypto:\\d+ [^ ]+ |a=ice-pwd:|a=fingerprint:|a=key-mgmt:).*$");

  private Masked() {}

  /** A whole message; a body that is no session description is left out. */
  public static byte[] message(SipMessage message) {
    String text = new String(message.toBytes(), StandardCharsets.ISO_8859_1);
    int end = text.indexOf("\r\n\r\n");
    String head = end < 0 ? text : text.substring(0, end);
    String body = end < 0 ? "" : text.substring(end);
    String type = message.contentType();
    boolean described = type != null && type.toLowerCase(java.util.Locale.ROOT).contains("sdp");
    return (text(head) + (described ? description(body) : "\r\n\r\n"))
        .getBytes(StandardCharsets.ISO_8859_1);
  }

  private static String description(String body) {
    String keyless = KEY.matcher(body).replaceAll("$1***");
    return DESCRIBED
        .matcher(keyless)
        .replaceAll(line -> line.group(1) == null ? line.group(2) + "-" : "o=-");
  }

  /** Lines of headers. */
  static String text(String head) {
    String safe = SECRET.matcher(head).replaceAll("$1$2 ***");
    String nameless =
        NAMED
            .matcher(safe)
            .replaceAll(
                line ->
                    Matcher.quoteReplacement(
                        line.group(1)
                            + line.group(2)
                            + " "
                            + NAME.matcher(line.group(3)).replaceAll("<").strip()));
    String userless =
        USER.matcher(nameless)
            .replaceAll(uri -> Matcher.quoteReplacement(uri.group(1) + user(uri.group(2)) + "@"));
    return NUMBER.matcher(userless).replaceAll("$1***$3");
  }

  private static String user(String user) {
    Matcher number = DIALLED.matcher(user);
    return number.matches() ? "***" + number.group(1) : "***";
  }

  /** What a message is, in one line: method and target, or status and what it answers. */
  public static String line(SipMessage message) {
    return switch (message) {
      case SipRequest request ->
          request.method() + " " + uri(request.uri()) + " " + request.cseq().number();
      case SipResponse response ->
          response.status()
              + " "
              + response.reason()
              + " ("
              + response.cseq().method()
              + " "
              + response.cseq().number()
              + ")";
    };
  }

  /** As {@link #text} has it; most are a user at a host and nothing besides. */
  private static String uri(SipUri uri) {
    String user = uri.user();
    if (user == null
        || !uri.isSip()
        || uri.headers() != null
        || uri.params().toString().indexOf(':') >= 0) {
      return text(uri.toString());
    }
    return new SipUri(uri.scheme(), user(user), uri.host(), uri.port(), uri.params(), null)
        .toString();
  }

  /** An address without its last part. */
  public static String address(InetSocketAddress address) {
    String text = io.netty.util.NetUtil.toAddressString(address.getAddress());
    int cut = Math.max(text.lastIndexOf('.'), text.lastIndexOf(':'));
    return text.substring(0, cut + 1) + "*:" + address.getPort();
  }
}
