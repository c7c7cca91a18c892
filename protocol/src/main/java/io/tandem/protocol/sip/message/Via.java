package io.tandem.protocol.sip.message;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One Via value (RFC 3261 section 20.42, RFC 3581).
 *
 * @param transport as written, usually UDP, TCP, TLS, WS or WSS
 * @param host sent-by host, IPv6 in brackets
 * @param port sent-by port, or -1 when not given
 */
public record Via(String transport, String host, int port, Params params) {
  /** What a branch of an RFC 3261 element begins with. */
  public static final String MAGIC_COOKIE = "z9hG4bK";

  /** The Via of a request of ours; rport asked for (RFC 3581). */
  public static Via ours(String transport, String host, int port, String branch) {
    return new Via(transport, host, port, Params.of("branch", branch).with("rport", null));
  }

  static Via read(String text) throws SipSyntax {
    Via plain = plain(text);
    return plain != null ? plain : JainGrammar.via(text);
  }

  /** The shape nearly all traffic has, read in one pass; null for the full grammar to decide. */
  private static @Nullable Via plain(String text) throws SipSyntax {
    if (!text.startsWith("SIP/2.0/")) {
      return null;
    }
    int at = 8;
    int end = text.length();
    while (at < end && Chars.isToken(text.charAt(at))) {
      at++;
    }
    if (at == 8 || at + 1 >= end || text.charAt(at) != ' ') {
      return null;
    }
    String transport = transport(text, at);
    int hostFrom = at + 1;
    if (Chars.isSpace(text.charAt(hostFrom))) {
      return null;
    }
    at = Host.end(text, hostFrom);
    String host = text.substring(hostFrom, at);
    int port = -1;
    if (at < end && text.charAt(at) == ':') {
      int portFrom = ++at;
      while (at < end && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
        at++;
      }
      if (at == portFrom) {
        return null;
      }
      port = Host.port(text, portFrom, at);
    }
    Params params = Params.plain(text, at);
    return params == null ? null : new Via(transport, host, port, params);
  }

  private static String transport(String text, int end) {
    if (end == 11) {
      if (text.startsWith("UDP", 8)) {
        return "UDP";
      }
      if (text.startsWith("TCP", 8)) {
        return "TCP";
      }
    }
    return text.substring(8, end);
  }

  public @Nullable String branch() {
    return params.get("branch");
  }

  /** Whether the branch is one by RFC 3261, that is, unique: cookie and something after it. */
  public boolean hasRfc3261Branch() {
    String branch = branch();
    return branch != null
        && branch.length() > MAGIC_COOKIE.length()
        && branch.regionMatches(true, 0, MAGIC_COOKIE, 0, MAGIC_COOKIE.length());
  }

  public @Nullable String received() {
    return params.get("received");
  }

  public @Nullable String maddr() {
    return params.get("maddr");
  }

  /** Whether the sender asks for answers to the source port (RFC 3581). */
  public boolean wantsRport() {
    return params.has("rport");
  }

  /** The port that a server filled in, or -1. */
  public int rport() {
    String rport = params.get("rport");
    if (rport == null || rport.isEmpty() || rport.length() > 5) {
      return -1;
    }
    int port = 0;
    for (int i = 0; i < rport.length(); i++) {
      int digit = rport.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        return -1;
      }
      port = port * 10 + digit;
    }
    return port == 0 || port > 65535 ? -1 : port;
  }

  /** Host and, if given, port: part of the key of a server transaction (section 17.2.3). */
  public String sentBy() {
    return port < 0 ? host : host + ":" + port;
  }

  /** The sent-by port, or the transport's default. */
  public int portOrDefault() {
    if (port > 0) {
      return port;
    }
    return switch (transport.toUpperCase(Locale.ROOT)) {
      case "TLS", "WSS", "TLS-SCTP" -> 5061;
      default -> 5060;
    };
  }

  /** With the source address as seen by us, without brackets; port 0 leaves rport as it is. */
  public Via seenFrom(String address, int sourcePort) {
    Params seen = params.with("received", address);
    return new Via(
        transport,
        host,
        port,
        sourcePort == 0 ? seen : seen.with("rport", Integer.toString(sourcePort)));
  }

  public Via withParam(String name, @Nullable String value) {
    return new Via(transport, host, port, params.with(name, value));
  }

  @Override
  public String toString() {
    StringBuilder out = new StringBuilder(96);
    out.append("SIP/2.0/").append(transport).append(' ').append(host);
    if (port > 0) {
      out.append(':').append(port);
    }
    params.appendTo(out);
    return out.toString();
  }
}
