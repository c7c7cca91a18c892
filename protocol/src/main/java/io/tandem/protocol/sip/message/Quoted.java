package io.tandem.protocol.sip.message;

/** Quoted strings (RFC 3261 section 25.1) and the guard against a second line in a value. */
public final class Quoted {
  private Quoted() {}

  /** The text in quotes, with quotes and backslashes in it escaped. */
  public static String quote(String text) {
    StringBuilder out = new StringBuilder(text.length() + 2).append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\' || (c < ' ' && c != '\t')) {
        out.append('\\');
      }
      out.append(c);
    }
    return out.append('"').toString();
  }

  /** The text without surrounding quotes and escapes; a text without quotes as it is. */
  public static String unquote(String text) {
    int last = text.length() - 1;
    if (last < 1 || text.charAt(0) != '"' || text.charAt(last) != '"') {
      return text;
    }
    if (text.indexOf('\\') < 0) {
      return text.substring(1, last);
    }
    StringBuilder out = new StringBuilder(text.length());
    for (int i = 1; i < last; i++) {
      char c = text.charAt(i);
      if (c == '\\' && i + 1 < last) {
        c = text.charAt(++i);
      }
      out.append(c);
    }
    return out.toString();
  }

  /**
   * Refuses a value that would start a second header line when written.
   *
   * @throws IllegalArgumentException when the value holds CR or LF
   */
  static String requireOneLine(String value) {
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '\r' || c == '\n') {
        throw new IllegalArgumentException("a header value must be one line");
      }
    }
    return value;
  }
}
