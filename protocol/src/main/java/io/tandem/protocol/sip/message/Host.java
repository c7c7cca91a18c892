package io.tandem.protocol.sip.message;

/** Host and port as URIs and Via write them (RFC 3261 section 25.1, hostport). */
final class Host {
  private Host() {}

  /** The index after the host that starts here; it has at least one character. */
  static int end(String text, int from) throws SipSyntax {
    int at = from;
    if (at < text.length() && text.charAt(at) == '[') {
      int close = text.indexOf(']', at);
      if (close < at + 3) {
        throw new SipSyntax("IPv6 address without its bracket");
      }
      for (int i = at + 1; i < close; i++) {
        if (!Chars.isIpv6(text.charAt(i))) {
          throw new SipSyntax("malformed IPv6 address");
        }
      }
      return close + 1;
    }
    while (at < text.length() && Chars.isHost(text.charAt(at))) {
      at++;
    }
    if (at == from) {
      throw new SipSyntax("no host");
    }
    return at;
  }

  /** The port between two indexes: 1–65535. */
  static int port(String text, int from, int to) throws SipSyntax {
    int port = 0;
    for (int i = from; i < to; i++) {
      port = port * 10 + (text.charAt(i) - '0');
      if (port > 65535) {
        throw new SipSyntax("port beyond 65535");
      }
    }
    if (port == 0) {
      throw new SipSyntax("no port after the colon");
    }
    return port;
  }
}
