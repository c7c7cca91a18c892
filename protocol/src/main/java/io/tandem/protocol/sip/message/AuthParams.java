package io.tandem.protocol.sip.message;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A challenge or credentials: scheme and comma-separated parameters (RFC 3261 section 20.7 and
 * 20.44, RFC 8760), as in Authorization, WWW-Authenticate and their proxy forms.
 *
 * @param scheme as written, usually Digest
 * @param params values as written; {@link #get} takes the quotes off
 */
public record AuthParams(String scheme, Params params) {

  static AuthParams read(String text) throws SipSyntax {
    AuthParams plain = plain(text);
    return plain != null ? plain : JainGrammar.auth(text);
  }

  /** {@code Scheme a=b, c="d"} without backslashes; null for the full grammar to decide. */
  private static @Nullable AuthParams plain(String text) {
    int space = text.indexOf(' ');
    if (space <= 0 || text.indexOf('\\') >= 0 || !Chars.isToken(text.substring(0, space))) {
      return null;
    }
    List<@Nullable String> flat = new ArrayList<>(20);
    int at = skipSpace(text, space);
    while (at < text.length()) {
      int equals = text.indexOf('=', at);
      if (equals < 0 || !Chars.isToken(text.substring(at, equals))) {
        return null;
      }
      int valueTo = valueEnd(text, equals + 1);
      if (valueTo <= equals + 1) {
        return null;
      }
      flat.add(text.substring(at, equals));
      flat.add(text.substring(equals + 1, valueTo));
      at = skipSpace(text, valueTo);
      if (at < text.length()) {
        if (text.charAt(at) != ',') {
          return null;
        }
        at = skipSpace(text, at + 1);
        if (at == text.length()) {
          return null;
        }
      }
    }
    return flat.isEmpty() ? null : new AuthParams(text.substring(0, space), Params.ofFlat(flat));
  }

  private static int valueEnd(String text, int from) {
    if (from < text.length() && text.charAt(from) == '"') {
      return text.indexOf('"', from + 1) + 1;
    }
    int at = from;
    while (at < text.length() && Chars.isPlainValue(text.charAt(at))) {
      at++;
    }
    return at;
  }

  private static int skipSpace(String text, int from) {
    int at = from;
    while (at < text.length() && Chars.isSpace(text.charAt(at))) {
      at++;
    }
    return at;
  }

  public boolean isDigest() {
    return scheme.equalsIgnoreCase("Digest");
  }

  /** The value without quotes, or null. */
  public @Nullable String get(String name) {
    return params.unquoted(name);
  }

  @Override
  public String toString() {
    StringBuilder out = new StringBuilder(200).append(scheme);
    String separator = " ";
    for (String name : params.names()) {
      out.append(separator).append(name).append('=').append(params.get(name));
      separator = ", ";
    }
    return out.toString();
  }
}
