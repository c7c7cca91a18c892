package io.tandem.protocol.sip.auth;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The {@code Digest name=value, name="value"} form that challenges and answers share (RFC 7616 3.3,
 * 3.4).
 */
final class AuthParams {

  private static final int LENGTH_MAX = 4_096;
  private static final String SCHEME = "digest";

  private final String text;
  private int at;

  private AuthParams(String text) {
    this.text = text;
  }

  /**
   * The parameters by lower-case name; empty when the text is another scheme, too long, broken or
   * names one twice.
   */
  static Optional<Map<String, String>> parse(String headerValue) {
    String text = headerValue.strip();
    boolean digest =
        text.length() <= LENGTH_MAX
            && text.length() > SCHEME.length()
            && text.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
            && isSpace(text.charAt(SCHEME.length()));
    return digest ? Optional.ofNullable(new AuthParams(text).params()) : Optional.empty();
  }

  private @Nullable Map<String, String> params() {
    Map<String, String> params = new LinkedHashMap<>();
    at = SCHEME.length();
    do {
      skipSpaces();
      String name = token().toLowerCase(Locale.ROOT);
      skipSpaces();
      if (name.isEmpty() || !take('=')) {
        return null;
      }
      skipSpaces();
      String value = at < text.length() && text.charAt(at) == '"' ? quoted() : token();
      if (value == null || params.putIfAbsent(name, value) != null) {
        return null;
      }
      skipSpaces();
    } while (take(','));
    return at == text.length() ? params : null;
  }

  private String token() {
    int from = at;
    while (at < text.length() && ",=\" \t\r\n".indexOf(text.charAt(at)) < 0) {
      at++;
    }
    return text.substring(from, at);
  }

  private @Nullable String quoted() {
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
