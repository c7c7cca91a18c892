package io.tandem.protocol.sip.message;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A SIP, SIPS or TEL URI (RFC 3261 section 19.1, RFC 3966). A URI of any other scheme keeps what
 * follows the colon in {@code host} and nothing else; ask {@link #isSip} before routing by it.
 *
 * @param scheme lower case
 * @param user the user part as written, escapes and password included; the number of a TEL URI
 * @param host name or address, IPv6 in brackets; empty for TEL
 * @param port 1–65535, or -1 when not given
 * @param headers what follows the question mark, as written
 */
public record SipUri(
    String scheme,
    @Nullable String user,
    String host,
    int port,
    Params params,
    @Nullable String headers) {

  public SipUri {
    Quoted.requireOneLine(host);
    if (user != null) {
      Quoted.requireOneLine(user);
    }
  }

  /** {@code sip:user@host:port}; port -1 leaves it out. */
  public static SipUri sip(@Nullable String user, String host, int port) {
    return new SipUri("sip", user, host, port, Params.NONE, null);
  }

  /** The URI of this text, or empty when it breaks the grammar. */
  public static Optional<SipUri> parse(String text) {
    try {
      return Optional.of(read(text));
    } catch (SipSyntax malformed) {
      return Optional.empty();
    }
  }

  /**
   * The URI of a text that is known to be one.
   *
   * @throws IllegalArgumentException when it breaks the grammar
   */
  public static SipUri of(String text) {
    return parse(text).orElseThrow(() -> new IllegalArgumentException("not a SIP URI"));
  }

  static SipUri read(String text) throws SipSyntax {
    int colon = text.indexOf(':');
    if (colon <= 0) {
      throw new SipSyntax("URI without scheme");
    }
    String scheme = scheme(text, colon);
    return switch (scheme) {
      case "sip", "sips" -> readSip(scheme, text, colon + 1);
      case "tel" -> readTel(text, colon + 1);
      default -> readOther(scheme, text, colon + 1);
    };
  }

  private static String scheme(String text, int colon) throws SipSyntax {
    if (text.startsWith("sip:")) {
      return "sip";
    }
    for (int i = 0; i < colon; i++) {
      char c = text.charAt(i);
      if (!Chars.isToken(c) || (i == 0 && !Character.isLetter(c))) {
        throw new SipSyntax("URI with a malformed scheme");
      }
    }
    return text.substring(0, colon).toLowerCase(Locale.ROOT);
  }

  private static SipUri readOther(String scheme, String text, int from) throws SipSyntax {
    for (int i = from; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c <= ' ' || c == '<' || c == '>' || c == '"' || c == 127) {
        throw new SipSyntax("URI with a character that must be escaped");
      }
    }
    if (from == text.length()) {
      throw new SipSyntax("URI with nothing after its scheme");
    }
    return new SipUri(scheme, null, text.substring(from), -1, Params.NONE, null);
  }

  private static SipUri readTel(String text, int from) throws SipSyntax {
    int at = from;
    while (at < text.length() && text.charAt(at) != ';') {
      if (!Chars.isUser(text.charAt(at))) {
        throw new SipSyntax("TEL URI with a malformed number");
      }
      at++;
    }
    if (at == from) {
      throw new SipSyntax("TEL URI without number");
    }
    Params params = uriParams(text, at, text.length());
    return new SipUri("tel", text.substring(from, at), "", -1, params, null);
  }

  private static SipUri readSip(String scheme, String text, int from) throws SipSyntax {
    int at = from;
    String user = null;
    int atSign = text.indexOf('@', from);
    if (atSign >= 0) {
      user = text.substring(from, atSign);
      requireUser(user);
      at = atSign + 1;
    }
    int hostFrom = at;
    at = Host.end(text, at);
    String host = text.substring(hostFrom, at);
    int port = -1;
    if (at < text.length() && text.charAt(at) == ':') {
      int portFrom = ++at;
      while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
        at++;
      }
      port = Host.port(text, portFrom, at);
    }
    int question = text.indexOf('?', at);
    int paramsTo = question < 0 ? text.length() : question;
    Params params = uriParams(text, at, paramsTo);
    String headers = question < 0 ? null : headers(text.substring(question + 1));
    return new SipUri(scheme, user, host, port, params, headers);
  }

  private static void requireUser(String user) throws SipSyntax {
    for (int i = 0; i < user.length(); i++) {
      if (!Chars.isUser(user.charAt(i))) {
        throw new SipSyntax("URI user with a character that must be escaped");
      }
    }
    if (user.isEmpty() || !Chars.escapesAreWhole(user)) {
      throw new SipSyntax("URI with a malformed user");
    }
  }

  private static String headers(String text) throws SipSyntax {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (!Chars.isUriParam(c) && c != '=' && c != '?' && c != '@' && c != ';') {
        throw new SipSyntax("URI headers with a character that must be escaped");
      }
    }
    if (text.isEmpty() || !Chars.escapesAreWhole(text)) {
      throw new SipSyntax("URI with malformed headers");
    }
    return text;
  }

  private static Params uriParams(String text, int from, int to) throws SipSyntax {
    if (from == to) {
      return Params.NONE;
    }
    List<@Nullable String> flat = new ArrayList<>(4);
    int at = from;
    while (at < to) {
      if (text.charAt(at++) != ';') {
        throw new SipSyntax("URI with something after its host");
      }
      int nameFrom = at;
      at = paramEnd(text, at, to);
      String name = text.substring(nameFrom, at);
      String value = null;
      if (at < to && text.charAt(at) == '=') {
        int valueFrom = ++at;
        at = paramEnd(text, at, to);
        value = text.substring(valueFrom, at);
      }
      if (name.isEmpty()
          || !Chars.escapesAreWhole(name)
          || (value != null && !Chars.escapesAreWhole(value))) {
        throw new SipSyntax("URI with a malformed parameter");
      }
      flat.add(name);
      flat.add(value);
    }
    return Params.ofFlat(flat);
  }

  private static int paramEnd(String text, int from, int to) {
    int at = from;
    while (at < to && Chars.isUriParam(text.charAt(at))) {
      at++;
    }
    return at;
  }

  /** Whether this is sip: or sips:, that is, whether it can be routed here (else 416). */
  public boolean isSip() {
    return scheme.equals("sip") || scheme.equals("sips");
  }

  public boolean isSecure() {
    return scheme.equals("sips");
  }

  /** The user part without password, escapes resolved; empty when there is none. */
  public String userText() {
    if (user == null) {
      return "";
    }
    int colon = user.indexOf(':');
    String plain = colon < 0 ? user : user.substring(0, colon);
    return plain.indexOf('%') < 0
        ? plain
        : URLDecoder.decode(plain.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  /** The port to use: as given, else 5061 for sips and 5060 for the rest. */
  public int portOrDefault() {
    return port > 0 ? port : isSecure() ? 5061 : 5060;
  }

  /** The transport parameter in lower case, or null. */
  public @Nullable String transport() {
    String transport = params.get("transport");
    return transport == null ? null : transport.toLowerCase(Locale.ROOT);
  }

  /** Whether this names a loose router (RFC 3261 section 16.12.1.1). */
  public boolean isLooseRouter() {
    return params.has("lr");
  }

  public SipUri withParam(String name, @Nullable String value) {
    return new SipUri(scheme, user, host, port, params.with(name, value), headers);
  }

  public SipUri withoutParam(String name) {
    return new SipUri(scheme, user, host, port, params.without(name), headers);
  }

  public SipUri withUser(@Nullable String newUser) {
    return new SipUri(scheme, newUser, host, port, params, headers);
  }

  public SipUri withHostPort(String newHost, int newPort) {
    return new SipUri(scheme, user, newHost, newPort, params, headers);
  }

  /** Without parameters and headers: what a To of ours shows. */
  public SipUri bare() {
    return new SipUri(scheme, user, host, port, Params.NONE, null);
  }

  /** For logs: the user part but for its last two characters as stars, no parameters. */
  public String masked() {
    String name = userText();
    int shown = name.length() > 4 ? 2 : 0;
    String stars = "*".repeat(Math.min(8, name.length() - shown));
    String tail = name.substring(name.length() - shown);
    return scheme + ':' + stars + tail + (host.isEmpty() ? "" : '@' + host);
  }

  void appendTo(StringBuilder out) {
    out.append(scheme).append(':');
    if (user != null) {
      out.append(user);
      if (!host.isEmpty()) {
        out.append('@');
      }
    }
    out.append(host);
    if (port > 0) {
      out.append(':').append(port);
    }
    params.appendTo(out);
    if (headers != null) {
      out.append('?').append(headers);
    }
  }

  @Override
  public String toString() {
    StringBuilder out = new StringBuilder(48);
    appendTo(out);
    return out.toString();
  }
}
