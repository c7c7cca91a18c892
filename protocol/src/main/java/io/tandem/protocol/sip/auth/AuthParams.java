package io.tandem.protocol.sip.auth;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The {@code Digest name=value, name="value"} form that challenges and answers share (RFC 7616 3.3,
 * 3.4).
 */
final class AuthParams {

  /** Names that are usual, so that a usual answer makes none anew. */
  private static final String[] USUAL = {
    "username",
    "realm",
    "nonce",
    "uri",
    "response",
    "algorithm",
    "cnonce",
    "qop",
    "nc",
    "opaque",
    "stale"
  };

  private static final int LENGTH_MAX = 4_096;
  private static final String SCHEME = "digest";

  private final String text;

  /** name, value, name, value … */
  private final List<String> flat = new ArrayList<>(24);

  private int at;

  private AuthParams(String text) {
    this.text = text;
  }

  /** The parameters; empty when the text is another scheme, too long, broken or names one twice. */
  static Optional<AuthParams> parse(String headerValue) {
    String text = headerValue.strip();
    boolean digest =
        text.length() <= LENGTH_MAX
            && text.length() > SCHEME.length()
            && text.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
            && isSpace(text.charAt(SCHEME.length()));
    return digest ? Optional.of(new AuthParams(text)).filter(AuthParams::isRead) : Optional.empty();
  }

  /**
   * @param name lower case
   */
  @Nullable String get(String name) {
    for (int i = 0; i < flat.size(); i += 2) {
      if (flat.get(i).equals(name)) {
        return flat.get(i + 1);
      }
    }
    return null;
  }

  String get(String name, String otherwise) {
    String value = get(name);
    return value == null ? otherwise : value;
  }

  private boolean isRead() {
    at = SCHEME.length();
    do {
      skipSpaces();
      String name = name();
      skipSpaces();
      if (name.isEmpty() || !take('=')) {
        return false;
      }
      skipSpaces();
      String value = at < text.length() && text.charAt(at) == '"' ? quoted() : token();
      if (value == null || get(name) != null) {
        return false;
      }
      flat.add(name);
      flat.add(value);
      skipSpaces();
    } while (take(','));
    return at == text.length();
  }

  private String name() {
    int from = at;
    int length = endOfToken() - from;
    for (String usual : USUAL) {
      if (usual.length() == length && text.startsWith(usual, from)) {
        return usual;
      }
    }
    return text.substring(from, at).toLowerCase(Locale.ROOT);
  }

  private String token() {
    int from = at;
    return text.substring(from, endOfToken());
  }

  private int endOfToken() {
    while (at < text.length() && ",=\" \t\r\n".indexOf(text.charAt(at)) < 0) {
      at++;
    }
    return at;
  }

  private @Nullable String quoted() {
    int end = text.indexOf('"', at + 1);
    int escape = text.indexOf('\\', at + 1);
    if (end >= 0 && (escape < 0 || escape > end)) {
      String plain = text.substring(at + 1, end);
      at = end + 1;
      return plain;
    }
    StringBuilder value = new StringBuilder();
    for (at++; at < text.length(); at++) {
      char c = text.charAt(at);
      if (c == '"') {
        at++;
        return value.toString();
      }
      if (c == '\\' && ++at == text.length()) {
        return null;
      }
      value.append(text.charAt(at));
    }
    return null;
  }

  private boolean take(char c) {
    boolean there = at < text.length() && text.charAt(at) == c;
    at += there ? 1 : 0;
    return there;
  }

  private void skipSpaces() {
    while (at < text.length() && isSpace(text.charAt(at))) {
      at++;
    }
  }

  private static boolean isSpace(char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
  }

  /** {@code "value"} with the two characters escaped that end or escape a quoted string. */
  static String quote(String value) {
    return '"' + value.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }
}
