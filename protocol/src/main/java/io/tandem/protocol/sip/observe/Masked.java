package io.tandem.protocol.sip.observe;

import io.tandem.protocol.sip.message.SipMessage;
import io.tandem.protocol.sip.message.SipRequest;
import io.tandem.protocol.sip.message.SipResponse;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/**
 * Messages as they may be shown to people who look after the system, not after a caller (PRV-4):
 * without numbers but for their last four digits, without names, without secrets and keys.
 */
public final class Masked {
  private static final Pattern NUMBER =
      Pattern.compile("(?i)\\b(sips?:|tel:)(\\+?[0-9().-]*)([0-9]{4})(?=[@;>?\\s,]|$)");
  private static final Pattern NAME =
      Pattern.compile(
          "(?im)^(from|f|to|t|contact|m|p-asserted-identity|p-preferred-identity|remote-party-id"
              + "|referred-by|r|refer-to|diversion|history-info)([ \\t]*:)[^<\\r\\n]*<");
  private static final Pattern SECRET =
      Pattern.compile(
          "(?im)^(authorization|proxy-authorization|identity|y)([ \\t]*:).*(\\r?\\n[ \\t].*)*$");
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
    return (text(head) + (described ? KEY.matcher(body).replaceAll("$1***") : "\r\n\r\n"))
        .getBytes(StandardCharsets.ISO_8859_1);
  }

  /** Lines of headers. */
  static String text(String head) {
    String safe = SECRET.matcher(head).replaceAll("$1$2 ***");
    return NUMBER.matcher(NAME.matcher(safe).replaceAll("$1$2 <")).replaceAll("$1***$3");
  }

  /** What a message is, in one line: method and target, or status and what it answers. */
  public static String line(SipMessage message) {
    return switch (message) {
      case SipRequest request ->
          text(request.method() + " " + request.uri()) + " " + request.cseq().number();
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

  /** An address without its last part. */
  public static String address(InetSocketAddress address) {
    String text = io.netty.util.NetUtil.toAddressString(address.getAddress());
    int cut = Math.max(text.lastIndexOf('.'), text.lastIndexOf(':'));
    return text.substring(0, cut + 1) + "*:" + address.getPort();
  }
}
